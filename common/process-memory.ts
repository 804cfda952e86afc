// What this process really takes of the machine's memory, shared pages divided among those who share them. Resident
// memory counts the pages of Node itself once for each of our processes, nearly twice too much.
import { readFile } from 'node:fs/promises';
import { Gauge, type Registry } from 'prom-client';

const ROLLUP = '/proc/self/smaps_rollup';

/** Bytes; `undefined` where the kernel does not tell (not Linux, a hardened container). */
export async function readProportionalMemoryBytes(path: string = ROLLUP): Promise<number | undefined> {
  try {
    const kibibytes = /^Pss:\s+(\d+) kB$/m.exec(await readFile(path, 'utf8'))?.[1];
    return kibibytes === undefined ? undefined : Number(kibibytes) * 1_024;
  } catch {
    return undefined;
  }
}

/** Adds `process_pss_bytes`; the series is absent where the kernel does not tell. */
export function registerProcessMemory(registry: Registry): void {
  new Gauge({
    name: 'process_pss_bytes',
    help: 'Proportional set size in bytes: private memory and this process’ share of what it shares with others (/proc/self/smaps_rollup).',
    registers: [registry],
    async collect() {
      const bytes = await readProportionalMemoryBytes();
      if (bytes === undefined) this.remove();
      else this.set(bytes);
    },
  });
}
