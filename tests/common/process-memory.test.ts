import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import t from 'tap';
import { readProportionalMemoryBytes, registerProcessMemory } from '../../common/process-memory.ts';

t.test('reads the proportional size in bytes', async (t) => {
  const path = join(t.testdir(), 'rollup');
  await writeFile(path, 'Rss:   9000 kB\nPss:               1234 kB\nPss_Dirty:  5 kB\n');

  t.equal(await readProportionalMemoryBytes(path), 1_263_616);
});

t.test('knows nothing where the kernel tells nothing', async (t) => {
  const path = join(t.testdir(), 'rollup');
  t.equal(await readProportionalMemoryBytes(path), undefined);
  await writeFile(path, 'Rss: 9000 kB\n');
  t.equal(await readProportionalMemoryBytes(path), undefined);
});

t.test('is a series of this very process', { skip: process.platform !== 'linux' && 'Linux only' }, async (t) => {
  const registry = new Registry();
  registerProcessMemory(registry);

  const value = Number(/^process_pss_bytes (\d+)$/m.exec(await registry.metrics())?.[1]);
  t.ok(value > 5_000_000 && value <= process.memoryUsage().rss * 1.5, String(value));
});
