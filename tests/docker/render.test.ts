// What the service `render` of the compose file does, without an engine: the same program, on folders.
import { execFile } from 'node:child_process';
import { chmodSync, cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import t, { type Test } from 'tap';
import { parse } from 'yaml';
import { findEngines } from '../../engines/find-engines.ts';

const run = promisify(execFile);
const CHECKOUT = join(import.meta.dirname, '..', '..');
const PROGRAM = join(CHECKOUT, 'engines', 'rules', 'render-main.ts');

/** A copy of `prometheus`, a volume, and the program as the compose file runs it. */
function open(t: Test) {
  const root = t.testdir();
  const prometheus = join(root, 'prometheus');
  const volume = join(root, 'volume');
  cpSync(join(CHECKOUT, 'prometheus'), prometheus, { recursive: true });
  const render = (...args: readonly string[]) =>
    run(process.execPath, [PROGRAM, ...args], { cwd: root }).then(
      ({ stdout }) => ({ code: 0, said: stdout }),
      ({ code, stderr }) => ({ code, said: String(stderr) }),
    );
  return {
    prometheus,
    volume,
    up: () => render('prometheus', volume, join(prometheus, 'rules')),
    convert: () => render('prometheus'),
    edit(name: string, from: string, to: string) {
      const text = readFileSync(join(prometheus, name), 'utf8');
      writeFileSync(join(prometheus, name), text.replace(from, to));
    },
    inForce: (name: string) => readFileSync(join(volume, name), 'utf8'),
  };
}

t.test('fills the volume with rules that promtool takes: rendered thresholds, and links to the rest', async (t) => {
  const { prometheus, volume, up, edit, inForce } = open(t);
  edit('thresholds.yml', '500000 ', '600000 ');
  chmodSync(prometheus, 0o555);

  t.match(await up(), { code: 0, said: /^render: \d+ rule files, the thresholds rendered from the table/ });

  t.match(inForce('thresholds.yml'), 'or vector(600000)');
  t.notMatch(readFileSync(join(prometheus, 'rules', 'thresholds.yml'), 'utf8'), 'or vector(600000)');
  t.same(readdirSync(volume).toSorted(), readdirSync(join(prometheus, 'rules')).toSorted());
  edit('rules/liquidations.yml', 'groups:', '# edited\ngroups:');
  t.match(inForce('liquidations.yml'), '# edited', 'an edit of another file needs no rendering');
  const { promtool } = await findEngines({ cacheDir: join(CHECKOUT, '.cache'), log: t.comment });
  await run(promtool, ['check', 'rules', ...readdirSync(volume).map((name) => join(volume, name))]);
});

t.test('takes over what was added and removed, as often as it is asked', async (t) => {
  const { prometheus, volume, up } = open(t);
  await up();
  writeFileSync(join(prometheus, 'rules', 'mine.yml'), 'groups: []\n');
  rmSync(join(prometheus, 'rules', 'trading.yml'));

  t.match(await up(), { code: 0 });

  t.ok(existsSync(join(volume, 'mine.yml')));
  t.notOk(readdirSync(volume).includes('trading.yml'));
});

t.test('refuses a faulty table or rule file with its line, and leaves what is there', async (t) => {
  const { up, edit, inForce } = open(t);
  await up();
  const before = inForce('thresholds.yml');
  edit('thresholds.yml', '15 % ', '0.15 ');
  t.match(await up(), {
    code: 1,
    said: /^render: prometheus\/thresholds\.yml:\d+: BTC oi_change: 0\.15 has no % sign/,
  });
  edit('thresholds.yml', '0.15 ', '16 % ');
  edit('rules/stack.yml', 'groups:', 'group:');
  t.match(await up(), { code: 1, said: /^render: prometheus\/rules\/stack\.yml:1: no rule file/ });
  t.equal(inForce('thresholds.yml'), before);
});

t.test('never renders past numbers from before there was a table, and moves them where it may write', async (t) => {
  const { prometheus, volume, up, convert } = open(t);
  const old = readFileSync(join(CHECKOUT, 'tests', 'fixtures', 'thresholds-as-rules.yml'), 'utf8');
  writeFileSync(join(prometheus, 'rules', 'thresholds.yml'), old.replace('or vector(500000)', 'or vector(700000)'));

  t.match(await up(), {
    code: 1,
    said: /holds thresholds of your own: move them into prometheus\/thresholds\.yml once/,
  });
  t.notOk(existsSync(volume));
  t.match(await convert(), { code: 0, said: /they stand in prometheus\/thresholds\.yml now/ });
  t.match(await convert(), { code: 0, said: /the rules are those of the table already/ });
  t.match(await up(), { code: 0 });
  t.match(readFileSync(join(volume, 'thresholds.yml'), 'utf8'), 'or vector(700000)');
});

t.test('says how it is called', async (t) => {
  const { stderr } = await run(process.execPath, [PROGRAM]).catch((error) => error);
  t.match(stderr, /usage: render\.mjs CONFIGURATION/);
});

t.test('what the images are built from reaches the builder', async (t) => {
  const letIn = readFileSync(join(CHECKOUT, '.dockerignore'), 'utf8').matchAll(/^!(.+)$/gm);
  const sent = Array.from(letIn, ([, path = '']) => path);
  const dockerfile = readFileSync(join(CHECKOUT, 'Dockerfile'), 'utf8');
  const copied = Array.from(dockerfile.matchAll(/^COPY (?!--)(.+) \S+$/gm), ([, paths = '']) =>
    paths.split(' '),
  ).flat();
  t.ok(copied.length > 5);
  for (const path of copied) t.ok(sent.includes(path.replace(/\/$/, '')), `${path} is not left out by .dockerignore`);
});

t.test('the compose file runs it before Prometheus, on a folder that it cannot write to', async (t) => {
  for (const file of ['docker-compose.observability.yml', 'docker-compose.scale.yml']) {
    const { services } = parse(readFileSync(join(CHECKOUT, file), 'utf8'), { merge: true });
    for (const [name, { depends_on, image, volumes }] of Object.entries<Record<string, unknown>>(services)) {
      if (volumes === undefined || !/^prom\/prometheus:/.test(String(image))) continue;
      t.match(depends_on, { render: { condition: 'service_completed_successfully' } }, `${file} ${name}`);
      t.match(volumes, /rendered-rules:\/etc\/prometheus\/rules:ro.*prometheus\/rules:\/etc\/prometheus-rules:ro/);
    }
  }
  const { render } = parse(readFileSync(join(CHECKOUT, 'docker-compose.observability.yml'), 'utf8'), {
    merge: true,
  }).services;
  t.match(render, { restart: 'no', network_mode: 'none', read_only: true, mem_limit: '64m' });
  t.match(render.volumes, ['./prometheus:/prometheus:ro', 'rendered-rules:/rules']);
});
