// An annotation read as a number inside a query: the JSON functions of the two databases differ.
import type { SQLOutputValue } from 'node:sqlite';
import { figure } from '../../../model/alert.ts';

/**
 * `figure_in(texts, name)`: the plain number under that name in an object of texts as we write them; null where there is none.
 * Searches the text without parsing it, because the digest of a storm asks ten thousand times.
 */
export function figureIn(texts: SQLOutputValue, name: SQLOutputValue): number | null {
  if (typeof texts !== 'string' || typeof name !== 'string') return null;
  const key = `"${name}":"`;
  const start = texts.indexOf(key);
  if (start < 0) return null;
  const from = start + key.length;
  return figure(texts.slice(from, texts.indexOf('"', from))) ?? null;
}
