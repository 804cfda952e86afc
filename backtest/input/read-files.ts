// Files of any accepted kind → one recording. The first line of a file says which kind it is.
import { AppError } from '../../common/errors.ts';
import { splitCsv } from './csv.ts';
import type { FindInstrument } from './instrument-files.ts';
import { createJsonLineReader } from './json-lines.ts';
import { readLines } from './lines.ts';
import { createLiquidationCsvReader, LIQUIDATION_COLUMNS } from './liquidation-csv.ts';
import { createOpenInterestCsvReader, OPEN_INTEREST_COLUMNS, type OpenInterestOwner } from './open-interest-csv.ts';
import { type Recording, RecordingBuilder } from './recording.ts';
import type { ReadRow } from './row-reader.ts';

export interface ReadOptions {
  readonly owner: OpenInterestOwner;
  readonly findInstrument: FindInstrument;
  readonly onProgress: (done: number, total: number) => void;
}

/** @throws AppError BACKTEST_FILE_UNREADABLE for a file that is not there, broken, or of no accepted kind */
export async function readFiles(files: readonly string[], options: ReadOptions): Promise<Recording> {
  const builder = new RecordingBuilder();
  for (const [index, file] of files.entries()) {
    await readFile(file, builder, options, (read, total) => {
      options.onProgress(index + read / Math.max(total, 1), files.length);
    });
  }
  options.onProgress(files.length, files.length);
  return builder.finish();
}

async function readFile(
  file: string,
  builder: RecordingBuilder,
  options: ReadOptions,
  onBytes: (read: number, total: number) => void,
): Promise<void> {
  let readRow: ReadRow | undefined;
  for await (const { text, number } of readLines(file, onBytes)) {
    if (text === '') continue;
    if (!readRow) {
      const found = findReader(file, text, options);
      readRow = found.readRow;
      if (found.isHeader) continue;
    }
    const { events, faults } = readRow(text);
    for (const event of events) builder.add(event);
    for (const reason of faults) builder.fault({ file, line: number, reason });
  }
}

function findReader(
  file: string,
  firstLine: string,
  { owner, findInstrument }: ReadOptions,
): { readonly readRow: ReadRow; readonly isHeader: boolean } {
  if (/^[{[]/.test(firstLine)) return { readRow: createJsonLineReader(findInstrument), isHeader: false };
  const header = splitCsv(firstLine.replace(/^\uFEFF/, '')).map((name) => name.toLowerCase());
  if (LIQUIDATION_COLUMNS.every((name) => header.includes(name))) {
    return { readRow: createLiquidationCsvReader(header, findInstrument), isHeader: true };
  }
  if (OPEN_INTEREST_COLUMNS.every((name) => header.includes(name))) {
    return { readRow: createOpenInterestCsvReader(header, file, owner, findInstrument), isHeader: true };
  }
  throw new AppError(
    'BACKTEST_FILE_UNREADABLE',
    [
      `${file} is of no kind that a back-test can read; its first line is ${JSON.stringify(firstLine.slice(0, 80))}. Accepted, packed with gzip or not:`,
      '  - JSON lines: websocket messages of Binance, Bybit or OKX as they were sent, or {"o":{…}} orders of Binance',
      `  - liquidations as CSV with the header ${LIQUIDATION_COLUMNS.join(',')} (and price_usd)`,
      `  - open interest as CSV with the header ${OPEN_INTEREST_COLUMNS.join(',')}`,
    ].join('\n'),
  );
}
