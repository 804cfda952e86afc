// The lines of a file, packed with gzip or not, one after the other: a recording may be larger than the memory.
import { closeSync, createReadStream, openSync, readSync, statSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { AppError, errorText } from '../../common/errors.ts';

/** No row of any known kind comes near it: beyond, the file is no text in lines. */
const MAX_LINE_CHARACTERS = 1_000_000;

export interface Line {
  /** Without the white space around it. */
  readonly text: string;
  /** Counted from 1. */
  readonly number: number;
}

/**
 * @param onBytes hears how many bytes of the file have been read and how many there are
 * @throws AppError BACKTEST_FILE_UNREADABLE naming the file and how far it went
 */
export async function* readLines(path: string, onBytes: (read: number, total: number) => void): AsyncGenerator<Line> {
  let number = 0;
  try {
    let rest = '';
    for await (const piece of readPieces(path, onBytes)) {
      const lines = (rest + piece).split('\n');
      rest = lines.pop() ?? '';
      if (rest.length > MAX_LINE_CHARACTERS) throw new RangeError('the next line has more than a million characters');
      for (const text of lines) yield { text: text.trim(), number: ++number };
    }
    if (rest.trim() !== '') yield { text: rest.trim(), number: ++number };
  } catch (error) {
    const place = number === 0 ? '' : ` after line ${number}`;
    const message = `${path} cannot be read${place}: ${errorText(error)}`;
    throw new AppError('BACKTEST_FILE_UNREADABLE', message, { cause: error });
  }
}

async function* readPieces(path: string, onBytes: (read: number, total: number) => void): AsyncGenerator<string> {
  const total = statSync(path).size;
  const file = createReadStream(path);
  const decoder = new TextDecoder();
  const content: Readable = isPacked(path) ? unpack(file) : file;
  for await (const chunk of content) {
    onBytes(file.bytesRead, total);
    yield decoder.decode(chunk, { stream: true });
  }
}

function unpack(file: Readable): Readable {
  const gunzip = createGunzip();
  file.once('error', (error) => gunzip.destroy(error));
  return file.pipe(gunzip);
}

/** By the first two bytes, whatever the name says. */
function isPacked(path: string): boolean {
  const file = openSync(path, 'r');
  try {
    const head = Buffer.alloc(2);
    readSync(file, head, 0, 2, 0);
    return head[0] === 0x1f && head[1] === 0x8b;
  } finally {
    closeSync(file);
  }
}
