// The command line of a back-test.
import { type CanonicalSymbol, canonicalSymbol } from '../common/brands.ts';
import { type Command, type Options, usageError } from '../common/command-line.ts';
import { errorText } from '../common/errors.ts';
import type { Exchange } from '../exporter/events.ts';
import { EXCHANGE_NAMES } from '../exporter/venues/registry.ts';

export const COMMAND = {
  name: 'npm run backtest --',
  purpose:
    'Runs the rules of prometheus/rules over recorded liquidations and open interest and prints which alerts would have fired.',
  words: 'FILE...',
  options: {
    thresholds: {
      value: 'FILE',
      isRepeatable: true,
      help: 'judge by this table of thresholds; given twice, or once beside the shipped one, compares both',
    },
    symbols: {
      value: 'LIST',
      help: 'watched symbols, ALL for every one (BTC,ETH,SOL, and those of open-interest files)',
    },
    instruments: {
      value: 'FILE',
      isRepeatable: true,
      help: 'saved answer of a venue’s list of contracts, for contracts whose name says too little',
    },
    exchange: { value: 'NAME', help: 'whose open interest a CSV holds, where its name does not say' },
    symbol: { value: 'NAME', help: 'of which asset or contract' },
    gap: { value: 'HOURS', help: 'a longer silence means that the recorder was off (1)' },
    rules: { value: 'FOLDER', help: 'other rules than prometheus/rules' },
    limit: { value: 'COUNT', help: 'alerts to list one by one (200); the totals count all' },
  },
  notes: `FILE, packed with gzip or not:
  JSON lines      messages of Binance, Bybit or OKX as they were sent, or Binance’s orders alone ({"o":{…}})
  CSV             exchange,symbol,side,notional_usd,event_time and, if known, price_usd: liquidations
  CSV             t,oi,oi_usd: open interest of one contract; binance_BTCUSDT_….csv says of which`,
  examples: ['npm run backtest -- --symbols ALL liquidations.jsonl.gz'],
} as const satisfies Command;

export interface BacktestOptions {
  readonly files: readonly string[];
  /** At most two; `undefined` in the place of the shipped one. */
  readonly thresholds: readonly (string | undefined)[];
  /** `undefined` watches all. */
  readonly symbols: readonly CanonicalSymbol[] | undefined;
  /** The user chose the symbols: what the files hold beside them is not watched. */
  readonly hasOwnSymbols: boolean;
  readonly instruments: readonly string[];
  readonly exchange: Exchange | undefined;
  readonly symbol: string | undefined;
  readonly gapMs: number;
  readonly rules: string | undefined;
  readonly limit: number;
}

const DEFAULT_SYMBOLS = 'BTC,ETH,SOL';

/** What a back-test is asked for. @throws AppError USAGE saying what is wrong and where help is */
export function readOptions(options: Options<keyof typeof COMMAND.options>): BacktestOptions {
  const [given, exchangeText] = [options.texts('thresholds'), options.text('exchange')];
  if (options.words.length === 0) throw usageError(COMMAND, 'no FILE given');
  if (given.length > 2) throw usageError(COMMAND, '--thresholds compares two files, not more');
  const exchange = EXCHANGE_NAMES.find((name) => name === exchangeText?.toLowerCase());
  if (exchangeText !== undefined && !exchange)
    throw usageError(COMMAND, `--exchange is one of ${EXCHANGE_NAMES.join(', ')}`);
  return {
    files: options.words,
    thresholds: given.length === 2 ? given : [undefined, ...given],
    symbols: readSymbols(options.text('symbols') ?? DEFAULT_SYMBOLS),
    hasOwnSymbols: options.text('symbols') !== undefined,
    instruments: options.texts('instruments'),
    exchange,
    symbol: options.text('symbol'),
    gapMs: readPositive('--gap', options.text('gap') ?? '1') * 3_600_000,
    rules: options.text('rules'),
    limit: readPositive('--limit', options.text('limit') ?? '200'),
  };
}

function readSymbols(list: string): readonly CanonicalSymbol[] | undefined {
  if (list.toUpperCase() === 'ALL') return undefined;
  try {
    return list.split(',').map((name) => canonicalSymbol(name.trim()));
  } catch (error) {
    throw usageError(COMMAND, `--symbols ${list}: ${errorText(error)}`, error);
  }
}

function readPositive(name: string, text: string): number {
  const number = Number(text);
  if (!(number > 0 && number < 1e6)) throw usageError(COMMAND, `${name} is ${text}, not a positive number`);
  return number;
}
