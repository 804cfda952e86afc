// Numbers become the text of a table, with the comments that the delivered one has: what is read out of rules that somebody
// edited before there was a table is written by this. Pure.
import { tableKey, writeTableValue } from './threshold-names.ts';
import type { Thresholds, ThresholdTable } from './threshold-table.ts';

const HEADER = `# Thresholds: the one file a trader edits. The rules of Prometheus are rendered from it.
#
# How to change one: edit the number, run \`npm run check:rules\`, then \`npm run reload\`. It counts within 5 seconds; nothing
# restarts. \`npm start\` watches this file and does both by itself. Docker, one command: docs/deployment.md.
#
# How to add a symbol: copy a block and write its base asset above it (PEPE, not 1000PEPE). It has to be watched too: name it
# in SYMBOLS and restart. A watched symbol without a block of its own is served by \`default\`.
#
# Environment variables win over this file: CASCADE_COUNT_BTC, CASCADE_VALUE_BTC, LIQUIDATION_THRESHOLD_BTC, OI_THRESHOLD_BTC
# (in percent, like here), OI_MIN_VALUE_BTC.
#
# Dollars are whole US dollars, without commas. Changes are in percent, with the % sign: 15 %, not 0.15. Tiers are 1, 4, 16 and
# 64 times the value given here. A calmer set to start from: prometheus/thresholds.quiet.yml (copy it over this file).
`;

/** What each number means, in a trader's words; by the names of the rules. */
const SYMBOL_COMMENTS: Readonly<Record<string, string>> = {
  cascade_count: 'a cascade is at least this many liquidations within 30 seconds, over all venues ...',
  cascade_value_usd: '... that together are worth at least this many dollars',
  single_large_usd: 'one single liquidation is news from this many dollars',
  oi_change_ratio: 'open interest explodes or collapses by this much in 15 minutes, on two venues ...',
  oi_min_usd: '... and only where all of it together is worth at least this many dollars',
};
const MARKET_COMMENTS: Readonly<Record<string, string>> = {
  cascade_count: 'a market-wide cascade: this many liquidations within 30 seconds, any symbol ...',
  cascade_value_usd: '... that together are worth at least this many dollars',
  surge_deviations: 'a surge is this many standard deviations above the last 24 hours ...',
  oi_surge_change_ratio: '... for open interest at least this change in 15 minutes ...',
  oi_surge_value_usd: '... worth at least this many dollars ...',
  liquidation_surge_value_usd: '... and for liquidations at least this many dollars in 5 minutes',
};
const VALUE_WIDTH = 12;

export function writeThresholdTable({ symbols, default: fallback, market }: ThresholdTable): string {
  const blocks = [
    ...symbols.map(([symbol, thresholds]) => block(symbol, thresholds, SYMBOL_COMMENTS)),
    `# Serves every watched symbol (SYMBOLS) that has no block of its own above.\n${block('default', fallback, SYMBOL_COMMENTS)}`,
    `# The whole market: every symbol that the venues send. Why these values: docs/alerts.md.\n${block('market', market, MARKET_COMMENTS)}`,
  ];
  return [HEADER, ...blocks].join('\n');
}

function block(name: string, thresholds: Thresholds, comments: Readonly<Record<string, string>>): string {
  const keyWidth = Math.max(...Object.keys(comments).map((kind) => tableKey(kind).length)) + 2;
  const lines = Object.keys(comments).map((kind) => {
    const value = writeTableValue(kind, thresholds[kind] ?? Number.NaN).padEnd(VALUE_WIDTH);
    return `  ${`${tableKey(kind)}:`.padEnd(keyWidth)}${value}# ${comments[kind]}\n`;
  });
  return `${name}:\n${lines.join('')}`;
}
