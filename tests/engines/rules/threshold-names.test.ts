// What the check refuses and what Prometheus itself tells of, when it was loaded all the same, are one and the same.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { parseRuleFile } from '../../../engines/rules/rule-file.ts';
import { judgeThreshold, MARKET_KINDS, SYMBOL_KINDS } from '../../../engines/rules/threshold-names.ts';

const GUARD = join(import.meta.dirname, '..', '..', '..', 'prometheus', 'rules', 'threshold-guard.yml');

const kinds = [
  ...Object.entries(SYMBOL_KINDS).map(([name, kind]) => [`symbol:${name}`, kind] as const),
  ...Object.entries(MARKET_KINDS).map(([name, kind]) => [`market:${name}`, kind] as const),
];

t.test('the alert judges every threshold by the bounds of the check', async (t) => {
  const { rules } = parseRuleFile(readFileSync(GUARD, 'utf8'));
  const text = rules.find(({ name }) => name === 'ThresholdAbsurd')?.expr.text ?? '';
  const clauses = [...text.matchAll(/\{threshold=~?"([^"]+)"\} >= (\S+) <= (\S+)/g)];

  for (const [name, { least, most }] of kinds) {
    const judging = clauses.filter(([, pattern]) => new RegExp(`^(${pattern})$`).test(name));
    t.same(
      judging.map(([, , from, to]) => [Number(from), Number(to)]),
      [[least, most]],
      name,
    );
  }
});

t.test('what is advised is within the bounds', async (t) => {
  for (const [name, kind] of kinds) {
    const example = /for example (\d+)|is (0\.\d+)/.exec(kind.advice);
    t.equal(judgeThreshold(kind, example?.[1] ?? example?.[2] ?? ''), undefined, name);
    t.ok(
      kind.advice.includes(String(kind.least)) && kind.advice.includes(String(kind.most)),
      `${name} names its bounds`,
    );
  }
});
