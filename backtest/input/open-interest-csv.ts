// Open interest of one contract as a table with a header: t (milliseconds or ISO), oi (the venue's base units, one side
// counted), oi_usd. The name of the file says which contract: `binance_BTCUSDT_….csv`.
import { basename } from 'node:path';
import { epochMs, usd } from '../../common/brands.ts';
import { canonicalBase } from '../../common/canonical-symbols.ts';
import { AppError } from '../../common/errors.ts';
import type { Instrument } from '../../exporter/catalogue/instruments.ts';
import type { Exchange } from '../../exporter/events.ts';
import { readNumber, readTime } from '../../exporter/venues/mapping/numeric.ts';
import { EXCHANGE_NAMES } from '../../exporter/venues/registry.ts';
import { parseCsvTime, readCsvRow } from './csv.ts';
import type { FindInstrument } from './instrument-files.ts';
import { fault, type ReadRow } from './row-reader.ts';

export const OPEN_INTEREST_COLUMNS = ['t', 'oi', 'oi_usd'] as const;

export interface OpenInterestOwner {
  readonly exchange: Exchange | undefined;
  /** An asset or a contract. */
  readonly symbol: string | undefined;
}

type Contract = Pick<Instrument, 'exchange' | 'instrumentId' | 'symbol' | 'multiplier'>;

/** @throws AppError BACKTEST_FILE_UNREADABLE when neither the name nor the options say whose open interest it is */
export function createOpenInterestCsvReader(
  header: readonly string[],
  file: string,
  owner: OpenInterestOwner,
  findInstrument: FindInstrument,
): ReadRow {
  const contract = contractOf(file, owner, findInstrument);
  return (text) => {
    const row = readCsvRow(header, text);
    if (!row) return fault(`not the ${header.length} fields of the header`);
    const time = readTime(parseCsvTime(row('t')));
    if (!(time > 0)) return fault(`t is ${JSON.stringify(row('t'))}, neither milliseconds nor an ISO date`);
    const quantity = readNumber(row('oi'));
    const notionalUsd = readNumber(row('oi_usd'));
    if (!(quantity > 0) || !(notionalUsd > 0))
      return fault(`oi ${row('oi')} and oi_usd ${row('oi_usd')}: not positive`);
    const { exchange, instrumentId, symbol, multiplier } = contract;
    const baseQuantity = quantity * multiplier;
    const place = { exchange, instrumentId, symbol, receiveTime: epochMs(time) };
    return {
      events: [
        { type: 'open_interest', ...place, baseQuantity, notionalUsd: undefined },
        { type: 'mark_price', ...place, priceUsd: usd(notionalUsd / baseQuantity) },
      ],
      faults: [],
    };
  };
}

function contractOf(file: string, owner: OpenInterestOwner, findInstrument: FindInstrument): Contract {
  const [first = '', second = ''] = basename(file).split(/[_.]/);
  const exchange = owner.exchange ?? EXCHANGE_NAMES.find((name) => name === first.toLowerCase());
  const name = (owner.symbol ?? second).toUpperCase();
  const isNamed = exchange !== undefined && name !== '';
  const contract = isNamed ? findInstrument(exchange, name) : undefined;
  if (contract?.margin === 'linear') return contract;
  const base = owner.symbol === undefined ? undefined : canonicalBase(name);
  if (exchange && base) return { exchange, instrumentId: name, ...base };
  throw new AppError(
    'BACKTEST_FILE_UNREADABLE',
    `${file} does not say whose open interest it is: name it like binance_BTCUSDT_….csv, or give --exchange and --symbol`,
  );
}
