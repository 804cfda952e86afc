// Puts the figures of a run into docs/performance.md, between two marks; everything around them is people's.
import { readFileSync, writeFileSync } from 'node:fs';
import { AppError } from '../common/errors.ts';
import { meetsTarget } from './figures.ts';
import type { Result } from './results.ts';
import { formatNumber } from './table.ts';

const BEGIN = '<!-- figures: begin -->';
const END = '<!-- figures: end -->';

export interface RunFacts {
  readonly host: string;
  readonly command: string;
  readonly date: string;
  /** Why the figures are worse than they should be, where that is known. */
  readonly warning: string | undefined;
}

/** @throws AppError BENCH_DOCUMENT_INVALID when the marks are not there, once each and in order. */
export function replaceFigures(document: string, results: readonly Result[], facts: RunFacts): string {
  const [before, rest, ...surplus] = document.split(BEGIN);
  const [, after, ...more] = rest?.split(END) ?? [];
  if (before === undefined || after === undefined || surplus.length > 0 || more.length > 0) {
    throw new AppError('BENCH_DOCUMENT_INVALID', `the document needs ${BEGIN} and ${END}, once each, in this order`);
  }
  return `${before}${BEGIN}\n\n${describe(results, facts)}\n\n${END}${after}`;
}

/** @throws AppError BENCH_DOCUMENT_INVALID as `replaceFigures` does. */
export function writeDocument(path: string, results: readonly Result[], facts: RunFacts): void {
  writeFileSync(path, replaceFigures(readFileSync(path, 'utf8'), results, facts));
}

function describe(results: readonly Result[], { host, command, date, warning }: RunFacts): string {
  const rows = results.map(({ name, value, unit, target, better = 'lower', runs, reason, note }) => {
    const bound = target === null ? '–' : `${better === 'higher' ? '≥' : '≤'} ${formatNumber(target)}`;
    const isMet = value === null || target === null ? undefined : meetsTarget({ unit, target, better }, value);
    const verdict = isMet === undefined ? '' : isMet ? 'met' : '**missed**';
    const shown = value === null ? '–' : formatNumber(value);
    const remark = value === null ? `not measured: ${reason ?? ''}` : (note ?? '');
    return `| \`${name}\` | ${shown} | ${bound} | ${unit} | ${verdict} | ${runs.length} | ${remark} |`;
  });
  return [
    `Machine: ${host}.  `,
    `Command: \`${command}\`, ${date}.${warning === undefined ? '' : `  \nBeware: ${warning}.`}`,
    '',
    '| figure | median | target | unit | | runs | |',
    '|---|---:|---:|---|---|---:|---|',
    ...rows,
  ].join('\n');
}
