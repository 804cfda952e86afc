// Finds the place of a mutant by the name of what is defined there and by a text inside it. Neither the file's path nor how the
// text is broken into lines matters, so that moving, renaming and reformatting a file leave its mutants alone.
import type { Mutant } from '../mutants/mutant.ts';

export interface Source {
  /** From the root of the project. */
  readonly path: string;
  readonly text: string;
}

export type Located =
  | { readonly type: 'found'; readonly path: string; readonly original: string; readonly mutated: string }
  | { readonly type: 'faulty'; readonly reason: string };

interface Range {
  readonly start: number;
  readonly end: number;
}

interface Normalised {
  readonly text: string;
  /** Where each character of `text` stood. */
  readonly offsets: readonly number[];
}

/** `find` must stand once in all definitions of the name together. */
export function locateMutant(
  sources: readonly Source[],
  { in: name, room, find, replace }: Omit<Mutant, 'name' | 'tests'>,
): Located {
  const near = sources.filter(({ path }) => room === undefined || path.split('/').slice(0, -1).includes(room));
  const places = near.flatMap((source) => definitionsOf(name, source.text).map((range) => ({ source, range })));
  if (places.length === 0)
    return {
      type: 'faulty',
      reason: `nothing called ${name} is defined${room === undefined ? '' : ` below a folder ${room}`}`,
    };
  const hits = places.flatMap(({ source, range }) =>
    rangesOf(find, source.text, range).map((hit) => ({ source, hit })),
  );
  const [first] = hits;
  const where = [...new Set(places.map(({ source }) => source.path))].join(', ');
  if (first === undefined || hits.length > 1) {
    return { type: 'faulty', reason: `its text stands ${hits.length} times in ${name} (${where}), not once` };
  }
  const { path, text } = first.source;
  const mutated = text.slice(0, first.hit.start) + replace + text.slice(first.hit.end);
  return { type: 'found', path, original: text, mutated };
}

/** A definition begins in the first column, as the formatter has it, and ends where the next line does that is no closing bracket. */
function definitionsOf(name: string, text: string): readonly Range[] {
  const head = new RegExp(`^(?:export )?(?:async )?(?:function\\*? ?|const |let |class )${name}\\b`, 'gm');
  return [...text.matchAll(head)].map(({ index }) => {
    const next = /^[^\s)\]}]/gm;
    next.lastIndex = index + 1;
    return { start: index, end: next.exec(text)?.index ?? text.length };
  });
}

function rangesOf(find: string, text: string, { start, end }: Range): readonly Range[] {
  const wanted = normalise(find).text;
  const { text: own, offsets } = normalise(text.slice(start, end));
  const hits: Range[] = [];
  for (let at = own.indexOf(wanted); at >= 0 && wanted !== ''; at = own.indexOf(wanted, at + 1)) {
    const last = offsets[at + wanted.length - 1];
    const first = offsets[at];
    if (first !== undefined && last !== undefined) hits.push({ start: start + first, end: start + last + 1 });
  }
  return hits;
}

/** Without what a formatter decides: space except between two words, trailing commas, the kind of quotes. */
function normalise(source: string): Normalised {
  let text = '';
  const offsets: number[] = [];
  for (const { 0: part, index } of source.matchAll(/\s+|,(?=\s*[)\]}])|[^\s]/g)) {
    const isSpace = /^\s/.test(part);
    const isBetweenWords = /\w$/.test(text) && /^\w/.test(source.slice(index + part.length));
    if (isSpace ? !isBetweenWords : part === ',' && /^,\s*[)\]}]/.test(source.slice(index))) continue;
    text += isSpace ? ' ' : part === '"' ? "'" : part;
    offsets.push(index);
  }
  return { text, offsets };
}
