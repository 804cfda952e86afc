// One line of comma-separated values. A field may stand in double quotes.

export function splitCsv(line: string): readonly string[] {
  if (!line.includes('"')) return line.split(',').map((field) => field.trim());
  return [...line.matchAll(/(?:^|,)\s*(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, bare]) =>
    quoted === undefined ? (bare ?? '').trim() : quoted.replaceAll('""', '"'),
  );
}

/** The fields of a line by the names in the header. */
export type CsvRow = (column: string) => string;

/** `undefined` when the line has another number of fields than the header. */
export function readCsvRow(header: readonly string[], line: string): CsvRow | undefined {
  const fields = splitCsv(line);
  if (fields.length !== header.length) return undefined;
  return (column) => fields[header.indexOf(column)] ?? '';
}

/** Milliseconds since 1970 from a number of them or from an ISO date; UTC where it names no zone. NaN for anything else. */
export function parseCsvTime(text: string): number {
  if (/^\d{12,14}$/.test(text)) return Number(text);
  if (!/^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}/.test(text)) return Number.NaN;
  const hasZone = /(?:Z|[+-]\d{2}:?\d{2})$/i.test(text);
  return Date.parse(`${text.replace(' ', 'T')}${hasZone ? '' : 'Z'}`);
}
