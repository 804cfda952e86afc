// The table of thresholds and its rendering as they stand on disk: an edited table is rendered again, numbers that somebody
// wrote into the rules before there was a table move into it. What cannot be done is said with the steps that mend it.
import { copyFileSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { errorText } from '../../common/errors.ts';
import { hashThresholdTable } from '../../common/threshold-table-hash.ts';
import { readThresholdRules } from './read-thresholds.ts';
import { isGenerated, renderedFrom, renderThresholds } from './render-thresholds.ts';
import type { CheckResult } from './threshold-check.ts';
import { readThresholdTable, type ThresholdTable } from './threshold-table.ts';
import { writeThresholdTable } from './write-table.ts';

/** `edited`: by hand, and not by editing the table. */
export type RenderingState = 'current' | 'stale' | 'from before there was a table' | 'edited';

export interface TableInForce {
  /** `file:line: what is wrong and how to mend it`; with any, no file was touched. */
  readonly faults: readonly string[];
  /** What was done, one sentence each. */
  readonly said: readonly string[];
}

interface Files {
  readonly table: string;
  readonly rules: string;
}

/** Both in the folder `prometheus`. */
function filesIn(folder: string): Files {
  return { table: join(folder, 'thresholds.yml'), rules: join(folder, 'rules', 'thresholds.yml') };
}

/**
 * Makes `rules/thresholds.yml` what the table says. Writes nothing where it is that already.
 * @param folder `prometheus`
 */
export function bringTableIntoForce(folder: string): TableInForce {
  const files = filesIn(folder);
  const { faults, rendered, isCurrent, edited, tableText } = look(files);
  if (faults.length > 0) return refused(faults);
  if (edited !== undefined) return moveNumbers(files, edited, tableText);
  if (isCurrent) return { faults: [], said: [] };
  return write(files, { rules: rendered }, `${shown(files.rules)}: rendered from ${shown(files.table)}`);
}

/**
 * The rules that the table makes, for whoever may not write where it lies. Numbers that are not in the table yet are a fault:
 * rules without them would be somebody else's.
 * @param folder `prometheus`
 */
export function renderTable(folder: string): { readonly text: string; readonly faults: readonly string[] } {
  const files = filesIn(folder);
  const { faults, rendered, edited } = look(files);
  if (edited === undefined) return { text: rendered, faults };
  const moved = `${shown(files.rules)} holds thresholds of your own: move them into ${shown(files.table)} once, with npm run check:rules, or without Node.js as docs/deployment.md says (Thresholds)`;
  return { text: '', faults: [...faults, moved] };
}

interface Look {
  readonly faults: readonly string[];
  readonly tableText: string | undefined;
  readonly rendered: string;
  readonly isCurrent: boolean;
  /** Rules whose numbers are not those of the table, and were not rendered from another. */
  readonly edited: string | undefined;
}

function look(files: Files): Look {
  const tableText = read(files.table);
  const rulesText = read(files.rules);
  const nothing = { tableText, rendered: '', isCurrent: false, faults: [], edited: undefined };
  if (tableText === undefined && rulesText === undefined) {
    const missing = `${shown(files.table)} is missing: restore it, or copy prometheus/thresholds.quiet.yml there`;
    return { ...nothing, faults: [missing] };
  }
  if (tableText === undefined) return { ...nothing, edited: rulesText };
  const { table, faults } = readThresholdTable(tableText);
  if (table === undefined) return { ...nothing, faults: lines(files.table, faults) };
  const rendered = renderThresholds(table, tableText);
  const isEdited = rulesText !== undefined && renderedFrom(rulesText) === undefined;
  if (!isEdited || holdsSameNumbers(rulesText, table)) {
    return { ...nothing, rendered, isCurrent: rulesText === rendered };
  }
  const isBothEdited = isGenerated(rulesText) && !rulesText.includes(`hash: "${hashThresholdTable(tableText)}"`);
  return isBothEdited ? { ...nothing, faults: [bothEdited(files)] } : { ...nothing, edited: rulesText };
}

/** What the rendering of a table is at present; for whoever must tell an edit of a trader from one by somebody else. */
export function judgeRendering(folder: string): RenderingState {
  const files = filesIn(folder);
  const tableText = read(files.table) ?? '';
  const rulesText = read(files.rules) ?? '';
  const { table } = readThresholdTable(tableText);
  if (table !== undefined && rulesText === renderThresholds(table, tableText)) return 'current';
  // Whatever else was written into it is no rendering, even with a checksum that is right.
  if (readThresholdRules(rulesText).table === undefined) return 'edited';
  if (renderedFrom(rulesText) !== undefined) return 'stale';
  return isGenerated(rulesText) ? 'edited' : 'from before there was a table';
}

function moveNumbers(files: Files, rulesText: string, tableText: string | undefined): TableInForce {
  const { table, faults } = readThresholdRules(rulesText);
  if (table === undefined) return refused([...lines(files.rules, faults), cannotMove(files)]);
  const text = writeThresholdTable(table);
  const kept = `${shown(files.rules)}.before${tableText === undefined ? '' : ` and ${shown(files.table)}.before`}`;
  return write(
    files,
    { rules: renderThresholds(table, text), table: text },
    `${shown(files.rules)} held thresholds of your own: they stand in ${shown(files.table)} now, edit them there (as it was: ${kept})`,
  );
}

function holdsSameNumbers(rulesText: string, table: ThresholdTable): boolean {
  const held = readThresholdRules(rulesText).table;
  return held !== undefined && renderThresholds(held, '') === renderThresholds(table, '');
}

function write(files: Files, texts: Partial<Files>, sentence: string): TableInForce {
  try {
    // Copies first: from a failure in between nothing is lost.
    if (texts.table !== undefined) {
      for (const path of [files.table, files.rules]) if (existsSync(path)) copyFileSync(path, `${path}.before`);
      replace(files.table, texts.table);
    }
    if (texts.rules !== undefined) replace(files.rules, texts.rules);
    return { faults: [], said: [sentence] };
  } catch (error) {
    return refused([
      `${shown(files.rules)} cannot be written (${errorText(error)}): do it as the user who owns the folder`,
    ]);
  }
}

/** At once: Prometheus may be reading its rules at this moment. */
function replace(path: string, text: string): void {
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
}

function cannotMove({ rules, table }: Files): string {
  return `${shown(rules)} was edited by hand, and its numbers cannot be moved into ${shown(table)} because of what is named above. Mend that; or write your numbers into ${shown(table)}, put rules of your own into another file of that folder, and delete ${shown(rules)}: it is rendered again`;
}

function bothEdited({ rules, table }: Files): string {
  return `${shown(rules)} was edited by hand, and ${shown(table)} was edited too: write what is to count into ${shown(table)} and delete ${shown(rules)}: it is rendered again`;
}

function refused(faults: readonly string[]): TableInForce {
  return { faults, said: [] };
}

function lines(path: string, faults: readonly CheckResult[]): readonly string[] {
  return faults.map(({ line, message }) => `${shown(path)}:${line}: ${message}`);
}

function read(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

function shown(path: string): string {
  return relative(process.cwd(), path);
}
