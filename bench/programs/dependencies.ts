// What each dependency costs: a program that does nothing but bring it in, bundled and started as our services are, weighed
// beside one that brings in nothing. What they share (node:http above all) is counted with each, so they do not add up.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { build } from 'esbuild';
import { BUNDLE_OPTIONS } from '../../scripts/bundle.ts';
import { NODE_ENVIRONMENT, NODE_FLAGS } from '../../supervisor/commands.ts';
import { isAsked, report, runMeasurement, skip } from '../program.ts';
import { CHECKOUT } from '../rig/chain.ts';
import { readMemory } from '../rig/processes.ts';
import { formatNumber } from '../table.ts';

const DEPENDENCIES = [
  'node:http',
  'node:sqlite',
  'fastify',
  '@fastify/under-pressure',
  'env-schema',
  'typebox',
  'typebox/value',
  'undici',
  'pino',
  'prom-client',
  'ws',
  'node-telegram-bot-api',
  'close-with-grace',
  'pg',
];
/** Long enough for the first collections; memory falls after a start, it does not rise. */
const SETTLE_MS = 1_000;

/** Megabytes, as exporter and bridge are weighed. */
async function weigh(folder: string, dependency: string | undefined): Promise<number> {
  const outfile = join(folder, `${(dependency ?? 'nothing').replaceAll(/\W/g, '-')}.mjs`);
  const bringIn = dependency === undefined ? '' : `import * as it from '${dependency}'; globalThis.it = it;`;
  const contents = `${bringIn} setInterval(() => {}, 1_000_000);`;
  await build({ ...BUNDLE_OPTIONS, stdin: { contents, resolveDir: CHECKOUT }, outfile, sourcemap: false });
  const child = spawn(process.execPath, [...NODE_FLAGS, outfile], { stdio: 'ignore', env: NODE_ENVIRONMENT });
  try {
    await delay(SETTLE_MS);
    if (child.pid === undefined || child.exitCode !== null) throw new Error(`${dependency} did not start`);
    return readMemory(child.pid).pssMb;
  } finally {
    child.kill();
  }
}

await runMeasurement(async () => {
  if (isAsked('quick')) {
    skip('left out of --quick');
    return;
  }
  mkdirSync(join(CHECKOUT, '.cache', 'bench'), { recursive: true });
  const folder = mkdtempSync(join(CHECKOUT, '.cache', 'bench', 'dependencies-'));
  try {
    const nothing = await weigh(folder, undefined);
    const rows: { readonly name: string; readonly mb: number }[] = [];
    for (const name of DEPENDENCIES) rows.push({ name, mb: (await weigh(folder, name)) - nothing });
    rows.sort((one, other) => other.mb - one.mb);
    console.log(`\n${rows.map(({ name, mb }) => `  ${name.padEnd(26)} ${formatNumber(mb)} MB`).join('\n')}`);
    report('bare_node_pss_mb', nothing, 'nothing but Node; above: what each dependency adds to it');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
