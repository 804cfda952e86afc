import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { cascade, resolved, webhookOf } from '../support/alerts.ts';
import { runBridge } from '../support/running-bridge.ts';

const DOCUMENT = readFileSync(join(import.meta.dirname, '../../../METRICS.md'), 'utf8');
const ROW = /^\| `(alertbridge_\w+)` \| (\w+) \| ([^|]+) \| [^|]+ \| (\d+) \|$/gm;

t.test(
  'METRICS.md names every series of the bridge, with its type, its labels and how many there can be',
  async (t) => {
    const { post, read, telegram, clock } = await runBridge(t);
    const alert = cascade({ startsAt: clock.now() });
    await post(webhookOf([alert]));
    await post(webhookOf([resolved(alert)]));
    await telegram.waitUntil(({ messages }) => messages.length === 1);
    const lines = (await read('/metrics')).split('\n');
    const served = lines.flatMap((line) => {
      const [, name = '', type = ''] = /^# TYPE (alertbridge_\w+) (\w+)$/.exec(line) ?? [];
      return name === '' ? [] : [{ name, type }];
    });
    const documented = new Map([...DOCUMENT.matchAll(ROW)].map((row) => [row[1] ?? '', row]));
    t.same(served.map(({ name }) => name).toSorted(), [...documented.keys()].toSorted());
    for (const { name, type } of served) {
      const [, , documentedType, labels = '', most] = documented.get(name) ?? [];
      t.equal(documentedType, type, name);
      const series = lines.filter((line) => new RegExp(`^${name}(_bucket|_sum|_count)?[{ ]`).test(line));
      t.ok(series.length <= Number(most), `${name}: ${series.length} series`);
      const used = new Set(series.flatMap((line) => [...line.matchAll(/[{,](\w+)="/g)].map((match) => match[1])));
      used.delete('le');
      const wanted = labels.trim() === '–' ? [] : labels.trim().split(', ');
      t.same([...used].toSorted(), series.length === 0 ? [] : wanted.toSorted(), `labels of ${name}`);
    }
  },
);
