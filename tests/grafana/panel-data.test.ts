// Every panel of the dashboards against a Prometheus that has seen a cascade: `npm run demo`, then
// PROMETHEUS_URL=http://127.0.0.1:9090 node tests/grafana/panel-data.test.ts
import t from 'tap';
import { askEveryPanel, EMPTY_AT_FIRST, OPTIONAL_DASHBOARDS, queryValues } from './panel-data.ts';

const url = process.env.PROMETHEUS_URL;

t.test('every panel has data', { skip: url ? false : 'PROMETHEUS_URL names no running Prometheus' }, async (t) => {
  const { empty, total } = await askEveryPanel((expr) => queryValues(url ?? '', expr));

  const unexpected = empty.filter((name) => !(name in EMPTY_AT_FIRST) && !OPTIONAL_DASHBOARDS.test(name));
  t.ok(total > 40, `${total} panels were asked`);
  t.same(unexpected, []);
});
