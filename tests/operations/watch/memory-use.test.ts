// Measured on this very process, and on a Docker that answers from a script.
import { mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import t, { type Test } from 'tap';
import { writeRunState } from '../../../engines/run-state.ts';
import { watchMemory } from '../../../operations/watch/checks/memory.ts';
import { measureMemory, megabytesOf } from '../../../operations/watch/memory-use.ts';
import { startExistingSystem } from '../../../simulators/existing-system/existing-system-simulator.ts';

const isLinux = process.platform === 'linux';
const places = { project: 'ours', existingNetwork: 'theirs', existingUrl: undefined };

/** A `docker` that prints what a real one prints. */
function withDocker(t: Test, stats: string, members: string): void {
  const folder = t.testdir();
  const script = `#!/bin/sh\ncase "$1" in stats) printf '${stats}';; network) printf '${members}';; esac\n`;
  writeFileSync(join(folder, 'docker'), script, { mode: 0o755 });
  const path = process.env.PATH;
  process.env.PATH = `${folder}${delimiter}${path}`;
  t.teardown(() => {
    process.env.PATH = path;
  });
}

t.test('containers are told apart by project and network, in both spellings of compose', async (t) => {
  const lines = [
    'ours_exporter_1\\t30.5MiB / 64MiB',
    'ours-bridge-1\\t1GiB / 2GiB',
    'market-data\\t200MiB / 1GiB',
    'other\\t5GiB / 9GiB',
  ];
  withDocker(t, `${lines.join('\\n')}\\n`, 'market-data\\nours_exporter_1\\n');
  const stack = { mode: 'docker', dataDir: t.testdirName } as const;
  t.same(await measureMemory({ stack, ...places }), { ownMb: 1_054.5, existingMb: 200 });
});

t.test('without a container of ours nothing is known', async (t) => {
  withDocker(t, 'market-data\\t200MiB / 1GiB\\n', 'market-data\\n');
  t.equal(await measureMemory({ stack: { mode: 'docker', dataDir: t.testdirName }, ...places }), undefined);
});

t.test(
  'programs count by what they map; the existing service is found behind its port',
  { skip: !isLinux },
  async (t) => {
    withDocker(t, '', '');
    const existing = await startExistingSystem();
    t.teardown(() => existing.close());
    const dataDir = join(t.testdirName, 'data');
    mkdirSync(join(dataDir, 'run'), { recursive: true });
    const address = { host: '127.0.0.1', port: 1 };
    writeRunState(
      { dataDir },
      {
        pids: { exporter: process.pid },
        addresses: { exporter: address, 'alert-bridge': address, prometheus: address, alertmanager: address },
        environmentLabel: 'test',
        webhookTokenFile: '',
      },
    );
    const stack = { mode: 'native', dataDir } as const;
    const use = await measureMemory({ stack, ...places, existingUrl: existing.url });
    t.ok((use?.ownMb ?? 0) > 5, 'this process');
    t.ok((use?.existingMb ?? 0) > 5, 'and it is also the one that listens');
    for (const existingUrl of ['http://10.0.0.1:8001', 'http://127.0.0.1:9', 'nonsense']) {
      t.equal((await measureMemory({ stack, ...places, existingUrl }))?.existingMb, undefined, existingUrl);
    }

    const limited = (triggerMb: number | undefined) =>
      watchMemory({ triggerMb, measure: () => measureMemory({ stack, ...places, existingUrl: existing.url }) }).look();
    t.same(await limited(100_000), []);
    t.same(await limited(undefined), []);
    t.match(await limited(1), [
      { trigger: 'memory', what: /^existing \d+ MB and ours \d+ MB are \d+ MB; the limit is 1 MB$/ },
    ]);
  },
);

t.test('Docker’s figures', (t) => {
  for (const [text, megabytes] of [
    ['37.5MiB / 64MiB', 37.5],
    ['512KiB / 64MiB', 0.5],
    ['2GiB / 4GiB', 2_048],
    ['1048576B / 1GiB', 1],
    ['--', 0],
  ] as const) {
    t.equal(megabytesOf(text), megabytes, text);
  }
  t.end();
});
