// Two exporters see one market, and several bridges and Alertmanagers share one memory: no panel may add them up.
import t from 'tap';
import { panelQueries } from './expressions.ts';

/** What every copy says of the same thing. Counters of a bridge's own work do add up. */
const SHARED =
  /\b(derivatives_\w+|alertbridge_outbox_\w+|alertbridge_heartbeat_\w+|alertmanager_(?:alerts|silences))\b/g;

/** A histogram's buckets of two copies give the quantiles of one. */
const QUANTILE = /_bucket$/;

/** The aggregation, over nothing or a function of time, that stands directly before a series. */
const AGGREGATION = /\b(\w+)(?: by \([^)]*\))? ?\((?:[\w ()-]*(?:rate|increase|_over_time)\()?$/;

const uses = panelQueries().flatMap(({ dashboard, panel, template }) =>
  [...template.matchAll(SHARED)].map(({ 0: series, index }) => ({
    title: `${dashboard} / ${panel}: ${series}`,
    series,
    aggregation: AGGREGATION.exec(template.slice(0, index))?.[1],
  })),
);

t.ok(uses.length > 30, 'the panels ask for what is shared');

t.test('what copies say of one thing is taken once', async (t) => {
  for (const { title, series, aggregation } of uses) {
    t.match(aggregation, QUANTILE.test(series) ? /^sum$/ : /^(max|min|avg)$/, title);
  }
});
