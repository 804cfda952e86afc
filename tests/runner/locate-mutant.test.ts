// A mutant finds its place after a refactoring, and says why where it cannot.
import t from 'tap';
import { locateMutant, type Source } from './locate-mutant.ts';

const SOURCE = `import { LIMIT } from './limit.ts';

/** Whether one more may pass. */
export function judgeQuota(sent: readonly number[], now: number): boolean {
  const recent = sent.filter((time) => time > now - HOUR_MS);
  return recent.length >= LIMIT;
}

const HOUR_MS = 3_600_000;

export class Quota {
  judge(): boolean {
    return judgeQuota([], 0) && this.recent.length >= LIMIT;
  }
}
`;
const MUTANT = { in: 'judgeQuota', find: 'recent.length >= LIMIT', replace: 'recent.length > LIMIT' };
const at = (path: string, text = SOURCE): readonly Source[] => [
  { path, text },
  { path: 'exporter/other.ts', text: 'export const OTHER = 1;\n' },
];

t.test('a mutant changes its spot and nothing else', async (t) => {
  t.same(locateMutant(at('alert-bridge/outbox/quota.ts'), MUTANT), {
    type: 'found',
    path: 'alert-bridge/outbox/quota.ts',
    original: SOURCE,
    mutated: SOURCE.replace('recent.length >= LIMIT', 'recent.length > LIMIT'),
  });
});

t.test('it is found where the file has moved or is called otherwise', async (t) => {
  t.match(locateMutant(at('common/hourly-limit.ts'), MUTANT), { type: 'found', path: 'common/hourly-limit.ts' });
});

t.test('it is found where the function has moved to another file', async (t) => {
  const [head = '', rest = ''] = SOURCE.split('const HOUR_MS');
  const sources = [
    { path: 'a.ts', text: `const HOUR_MS${rest}` },
    { path: 'b.ts', text: head },
  ];

  t.match(locateMutant(sources, MUTANT), { type: 'found', path: 'b.ts', original: head });
});

for (const { title, from, to, find } of [
  {
    title: 'over several lines',
    from: 'recent.length >= LIMIT',
    to: '(\n    recent.length >=\n    LIMIT\n  )',
    find: 'recent.length >= LIMIT',
  },
  { title: 'on one line', from: 'recent.length >= LIMIT', to: 'a(recent, LIMIT)', find: 'a(\n  recent,\n  LIMIT,\n)' },
  {
    title: 'with trailing commas',
    from: 'recent.length >= LIMIT',
    to: 'a(\n    recent,\n    LIMIT,\n  )',
    find: 'a(recent, LIMIT)',
  },
  { title: 'with other quotes', from: 'recent.length >= LIMIT', to: 'recent === "x"', find: "recent === 'x'" },
]) {
  t.test(`it is found where the code is written ${title}`, async (t) => {
    const text = SOURCE.replace(from, to);

    const located = locateMutant(at('a.ts', text), { in: 'judgeQuota', find, replace: 'MUTATED' });

    t.match(located, { type: 'found' });
    t.match(located.type === 'found' && located.mutated, /return [(\s]*MUTATED[\s)]*;\n\}\n\nconst HOUR_MS/);
  });
}

t.test('two words are not one', async (t) => {
  const text = SOURCE.replace('return recent', 'returnrecent');

  t.match(locateMutant(at('a.ts', text), { in: 'judgeQuota', find: 'return recent.length', replace: '' }), {
    type: 'faulty',
  });
});

t.test('a text that is gone is told with the place where it was looked for', async (t) => {
  const text = SOURCE.replaceAll('recent.length >= LIMIT', 'false');

  t.same(locateMutant(at('a.ts', text), MUTANT), {
    type: 'faulty',
    reason: 'its text stands 0 times in judgeQuota (a.ts), not once',
  });
});

t.test('a name that is gone is told', async (t) => {
  t.same(locateMutant(at('a.ts', ''), MUTANT), { type: 'faulty', reason: 'nothing called judgeQuota is defined' });
  t.match(locateMutant(at('outbox/a.ts'), { ...MUTANT, room: 'format' }), { reason: /below a folder format/ });
});

t.test('a text that stands twice is told, in one definition and in two', async (t) => {
  const twice = SOURCE.replace('return recent', 'return recent.length >= LIMIT || recent');
  const copied = [...at('a.ts'), { path: 'room/b.ts', text: SOURCE }];

  t.match(locateMutant(at('a.ts', twice), MUTANT), {
    reason: 'its text stands 2 times in judgeQuota (a.ts), not once',
  });
  t.match(locateMutant(copied, MUTANT), {
    reason: 'its text stands 2 times in judgeQuota (a.ts, room/b.ts), not once',
  });
  t.match(locateMutant(copied, { ...MUTANT, room: 'room' }), { type: 'found', path: 'room/b.ts' });
});

t.test('a name in a longer name, and a text below the definition, are others', async (t) => {
  t.match(locateMutant(at('a.ts'), { in: 'judge', find: 'recent', replace: '' }), { type: 'faulty' });
  t.match(locateMutant(at('a.ts'), { in: 'HOUR_MS', find: 'class Quota', replace: '' }), { type: 'faulty' });
});
