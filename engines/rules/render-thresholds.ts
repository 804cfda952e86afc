// The table of thresholds becomes rules: numbers become recording rules that the environment can override. Pure.
// The delivered prometheus/rules/thresholds.yml is such a rendering, so that a plain Prometheus works from a fresh clone.
import { createHash } from 'node:crypto';
import { hashThresholdTable } from '../../common/threshold-table-hash.ts';
import { LOADED_NAME, WATCHED_NAME } from './threshold-names.ts';
import type { ThresholdTable } from './threshold-table.ts';

const GENERATED = `# Generated from prometheus/thresholds.yml by \`npm run check:rules\`, \`npm run reload\` and \`npm start\` (Docker: by the
# service \`render\`): edit that table, not this file. docs/alerts.md says how.
`;
const CHECKSUM = /^# checksum of what follows: ([0-9a-f]+)\n/m;

/** @param text the table as it stands in its file: the rules carry its hash */
export function renderThresholds(table: ThresholdTable, text: string): string {
  const rules = `groups:
  - name: thresholds
    interval: 5s
    rules:
      # Which table these rules are. ThresholdStale compares it with the table as it is now.
      - record: ${LOADED_NAME}
        labels: { hash: "${hashThresholdTable(text)}" }
        expr: vector(1)
${table.symbols.map(([symbol, thresholds]) => section(symbol, Object.entries(thresholds).map(ownRule(symbol)))).join('')}${section(
  'default: every watched symbol without a block of its own',
  [WATCHED_RULE, ...Object.entries(table.default).map(defaultRule)],
)}${section('the whole market', Object.entries(table.market).map(marketRule))}`;
  return `${GENERATED}# checksum of what follows: ${checksum(rules)}\n${rules}`;
}

/** The hash of the table that a rendering was made from; `undefined` where it is none, or was edited since. */
export function renderedFrom(text: string): string | undefined {
  const [line = '', sum] = CHECKSUM.exec(text) ?? [];
  const rules = text.slice(text.indexOf(line) + line.length);
  return sum === checksum(rules) ? /hash: "([0-9a-f]+)"/.exec(rules)?.[1] : undefined;
}

/** Whether the text says of itself that it is generated, edited or not. */
export function isGenerated(text: string): boolean {
  return CHECKSUM.test(text);
}

// Whom the default serves: what the exporter says it watches; one that does not say, watches what it shows anything of.
const WATCHED_RULE = `      - record: ${WATCHED_NAME}
        expr: |-
          group by (symbol) (derivatives_watched_symbol)
          or
          group by (symbol) (
            derivatives_liquidations_total or derivatives_open_interest_base
              or derivatives_liquidation_burst_events or derivatives_liquidation_window_largest_usd
          ) unless on () derivatives_watched_symbol
`;

/** Without \`max\` two series would remain beside an override, and every alert would fail on many-to-many. */
function ownRule(symbol: string): (entry: readonly [string, number]) => string {
  return ([kind, value]) => `      - record: symbol:${kind}:threshold
        labels: { symbol: "${symbol}", block: own }
        expr: max(derivatives_threshold_override{symbol="${symbol}", kind="${kind}"}) or vector(${value})
`;
}

function defaultRule([kind, value]: readonly [string, number]): string {
  return `      - record: symbol:${kind}:threshold
        labels: { block: default }
        expr: |-
          (max by (symbol) (derivatives_threshold_override{kind="${kind}"})
            or symbol:watched:group * 0 + ${value})
          unless on (symbol) symbol:${kind}:threshold{block="own"}
`;
}

function marketRule([kind, value]: readonly [string, number]): string {
  return `      - record: market:${kind}:threshold
        expr: vector(${value})
`;
}

function section(title: string, rules: readonly string[]): string {
  return `\n      # ${'-'.repeat(16)} ${title}\n${rules.join('')}`;
}

function checksum(rules: string): string {
  return createHash('sha256').update(rules).digest('hex').slice(0, 12);
}
