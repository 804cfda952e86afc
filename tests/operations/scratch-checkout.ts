// A checkout of its own for a test that changes configuration: copies of what is small, links to what is large.
import { cpSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Test } from 'tap';
import { PRODUCT_ROOMS } from '../support/rooms.ts';

const CHECKOUT = dirname(dirname(import.meta.dirname));
const COPIED = [
  ...PRODUCT_ROOMS,
  ...['scripts', 'prometheus', 'alertmanager', 'docker'],
  ...['package.json', 'package-lock.json', 'docker-compose.observability.yml', 'docker-compose.core.yml'],
];

export function scratchCheckout(t: Test): string {
  const checkout = join(t.testdir(), 'checkout');
  for (const path of COPIED) cpSync(join(CHECKOUT, path), join(checkout, path), { recursive: true });
  for (const path of ['node_modules', '.cache']) symlinkSync(join(CHECKOUT, path), join(checkout, path));
  return checkout;
}
