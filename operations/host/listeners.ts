// TCP ports that somebody listens on, from Linux' own table; empty on a system without one.
import { readFileSync } from 'node:fs';

const LISTEN = '0A';

/** `127.0.0.1:8002` in the table's own notation made readable; IPv6 addresses stay in hexadecimal. */
export function listListeners(tables = ['/proc/net/tcp', '/proc/net/tcp6']): readonly string[] {
  return [...new Set(tables.flatMap((path) => parseListeners(readTable(path))))].toSorted();
}

export function parseListeners(table: string): readonly string[] {
  return table.split('\n').flatMap((line) => {
    const [, local = '', , state] = line.trim().split(/\s+/);
    const [address = '', port = ''] = local.split(':');
    if (state !== LISTEN) return [];
    return [`${address.length === 8 ? dotted(address) : `[${address}]`}:${Number.parseInt(port, 16)}`];
  });
}

/** The four bytes stand in the machine's order, least first. */
function dotted(hexadecimal: string): string {
  const bytes = hexadecimal.match(/../g) ?? [];
  return bytes
    .toReversed()
    .map((byte) => Number.parseInt(byte, 16))
    .join('.');
}

function readTable(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
