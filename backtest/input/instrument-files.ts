// Saved answers of the venues' lists of contracts (`--instruments FILE`), read by the mappers that read the live ones.
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { AppError, errorText } from '../../common/errors.ts';
import { type Instrument, InstrumentCatalogue } from '../../exporter/catalogue/instruments.ts';
import type { Exchange } from '../../exporter/events.ts';
import { VENUES } from '../../exporter/venues/registry.ts';
import { ownUrls } from '../../exporter/venues/venue.ts';
import { instrumentFromName } from './contract-names.ts';

export type FindInstrument = (exchange: Exchange, instrumentId: string) => Instrument | undefined;

/**
 * The contracts of the files, and for all others what their names say.
 * @throws AppError BACKTEST_FILE_UNREADABLE naming the file when it is none of the accepted answers
 */
export function loadInstruments(files: readonly string[]): FindInstrument {
  const catalogue = new InstrumentCatalogue();
  const listed = files.flatMap(readInstruments);
  for (const { name } of VENUES) {
    catalogue.replace(
      name,
      listed.filter(({ exchange }) => exchange === name),
    );
  }
  const fromNames = new Map<string, Instrument | undefined>();
  return (exchange, instrumentId) => {
    const known = catalogue.get(exchange, instrumentId);
    if (known) return known;
    const key = `${exchange} ${instrumentId}`;
    if (!fromNames.has(key)) fromNames.set(key, instrumentFromName(exchange, instrumentId));
    return fromNames.get(key);
  };
}

function readInstruments(file: string): readonly Instrument[] {
  const answer = readJson(file);
  for (const venue of VENUES) {
    for (const { mapContracts } of venue.rest(ownUrls(venue)).contractLists) {
      const { instruments } = mapContracts(answer);
      if (instruments.length > 0) return instruments;
    }
  }
  throw new AppError(
    'BACKTEST_FILE_UNREADABLE',
    `${file} is no list of contracts. Accepted are saved answers of Binance /fapi/v1/exchangeInfo or /dapi/v1/exchangeInfo, ` +
      'Bybit /v5/market/instruments-info and OKX /api/v5/public/instruments, packed with gzip or not.',
  );
}

function readJson(file: string): unknown {
  try {
    const bytes = readFileSync(file);
    const answer: unknown = JSON.parse((bytes[0] === 0x1f ? gunzipSync(bytes) : bytes).toString('utf8'));
    return answer;
  } catch (error) {
    throw new AppError('BACKTEST_FILE_UNREADABLE', `${file} cannot be read: ${errorText(error)}`, { cause: error });
  }
}
