// The command line of a back-test.
import { parseArgs } from 'node:util';
import { type CanonicalSymbol, canonicalSymbol } from '../common/brands.ts';
import { AppError, errorText } from '../common/errors.ts';
import { EXCHANGES, type Exchange } from '../exporter/events.ts';

export const USAGE = `npm run backtest -- [OPTIONS] FILE...

Runs the rules of prometheus/rules over recorded liquidations and open interest and prints which alerts would have fired.

FILE, packed with gzip or not:
  JSON lines      messages of Binance, Bybit or OKX as they were sent, or Binance's orders alone ({"o":{…}})
  CSV             exchange,symbol,side,notional_usd,event_time and, if known, price_usd: liquidations
  CSV             t,oi,oi_usd: open interest of one contract; binance_BTCUSDT_….csv says of which

  --thresholds FILE   judge by this table of thresholds; given twice, or once beside the shipped one, compares both
  --symbols LIST      watched symbols, ALL for every one (BTC,ETH,SOL, and those of open-interest files)
  --instruments FILE  saved answer of a venue's list of contracts, for contracts whose name says too little
  --exchange NAME     whose open interest a CSV holds, where its name does not say
  --symbol NAME       of which asset or contract
  --gap HOURS         a longer silence means that the recorder was off (1)
  --rules FOLDER      other rules than prometheus/rules
  --limit COUNT       alerts to list one by one (200); the totals count all
  --help`;

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

/** `undefined` when help is asked for. @throws AppError BACKTEST_USAGE saying what is wrong and where help is */
export function parseOptions(args: readonly string[]): BacktestOptions | undefined {
  const { values, positionals } = parse(args);
  if (values.help) return undefined;
  if (positionals.length === 0) throw wrong('no FILE given');
  const given = values.thresholds ?? [];
  if (given.length > 2) throw wrong('--thresholds compares two files, not more');
  const exchange = EXCHANGES.find((name) => name === values.exchange?.toLowerCase());
  if (values.exchange !== undefined && !exchange) throw wrong(`--exchange is one of ${EXCHANGES.join(', ')}`);
  return {
    files: positionals,
    thresholds: given.length === 2 ? given : [undefined, ...given],
    symbols: readSymbols(values.symbols ?? DEFAULT_SYMBOLS),
    hasOwnSymbols: values.symbols !== undefined,
    instruments: values.instruments ?? [],
    exchange,
    symbol: values.symbol,
    gapMs: readPositive('--gap', values.gap ?? '1') * 3_600_000,
    rules: values.rules,
    limit: readPositive('--limit', values.limit ?? '200'),
  };
}

function parse(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const texts = { type: 'string', multiple: true } as const;
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        thresholds: texts,
        symbols: text,
        instruments: texts,
        exchange: text,
        symbol: text,
        gap: text,
        rules: text,
        limit: text,
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw wrong(errorText(error), error);
  }
}

function readSymbols(list: string): readonly CanonicalSymbol[] | undefined {
  if (list.toUpperCase() === 'ALL') return undefined;
  try {
    return list.split(',').map((name) => canonicalSymbol(name.trim()));
  } catch (error) {
    throw wrong(`--symbols ${list}: ${errorText(error)}`, error);
  }
}

function readPositive(name: string, text: string): number {
  const number = Number(text);
  if (!(number > 0 && number < 1e6)) throw wrong(`${name} is ${text}, not a positive number`);
  return number;
}

function wrong(message: string, cause?: unknown): AppError {
  return new AppError('BACKTEST_USAGE', `${message}\n\n${USAGE}`, { cause });
}
