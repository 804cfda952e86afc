// The house as ARCHITECTURE.md draws it: the same arrows in its table and in the lint rules, no folder without a row, no
// circle, and a wrong import is an error.
import { execFile } from 'node:child_process';
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import t from 'tap';

const CHECKOUT = dirname(import.meta.dirname);
const SOURCES = ['{common,exporter,alert-bridge,engines,supervisor,operations,backtest,simulators,scripts}/**/*.ts'];
/** What sees everything; nothing sees them. */
const OPEN_ROOMS = ['bench', 'tests'];

interface Override {
  readonly includes: readonly string[];
  readonly linter?: {
    readonly rules?: {
      readonly style?: {
        readonly noRestrictedImports?: {
          readonly options: { readonly patterns: readonly { readonly group: readonly string[] }[] };
        };
      };
    };
  };
}

/** One lint rule: the files it holds for, the files it forbids, and what of those it allows, all from the root. */
interface LintRule {
  readonly files: string;
  readonly folder: string;
  readonly forbidden: readonly string[];
  readonly allowed: readonly string[];
}

const config: { readonly overrides: readonly Override[] } = JSON.parse(
  readFileSync(join(CHECKOUT, 'biome.json'), 'utf8'),
);
const lintRules = config.overrides.flatMap((override): readonly LintRule[] => {
  const group = override.linter?.rules?.style?.noRestrictedImports?.options.patterns[0]?.group;
  const files = override.includes[0];
  if (group === undefined || files === undefined) return [];
  const folder = dirname(files);
  const fromRoot = (pattern: string) => normalize(join(folder, pattern));
  return [
    {
      files,
      folder,
      forbidden: group.filter((pattern) => !pattern.startsWith('!')),
      allowed: group.filter((pattern) => pattern.startsWith('!')).map((pattern) => fromRoot(pattern.slice(1))),
    },
  ];
});

const [, section = ''] = readFileSync(join(CHECKOUT, 'ARCHITECTURE.md'), 'utf8').split(/^## Rooms$|^## Time$/m);
/** Room → what it may import, as the table says. */
const table = new Map(
  [...section.matchAll(/^\| `([^`]+)` \| [^|]+ \| ([^|]+) \|$/gm)].map(([, room = '', imports = '']) => [
    room.replace(/\/$/, ''),
    [...imports.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name.replace(/\/$/, '')).toSorted(),
  ]),
);

/** What lies beside a service's rooms wires them, and sees all of its own service. */
const isWiring = (path: string) => /^(exporter|alert-bridge)\/[^/]+$/.test(path) && !table.has(path);
const sources = globSync(SOURCES, { cwd: CHECKOUT }).filter((path) => !isWiring(path));
const rooms = [...table.keys()].toSorted((left, right) => right.length - left.length);
const roomOf = (path: string) => rooms.find((room) => path === room || path.startsWith(`${room}/`));

function importsOf(path: string): readonly string[] {
  const text = readFileSync(join(CHECKOUT, path), 'utf8');
  return [...text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*'(\.[^']+)'/g)].map(([, specifier = '']) =>
    normalize(join(dirname(path), specifier)),
  );
}

t.test('every folder of the product has a row, and every row a folder', async (t) => {
  t.ok(sources.length > 400, `${sources.length} sources`);
  for (const source of sources) t.ok(roomOf(source), `${source} stands in a room`);
  for (const room of table.keys()) {
    t.ok(
      sources.some((source) => source === room || source.startsWith(`${room}/`)),
      `${room} holds sources`,
    );
  }
});

t.test('the lint rules allow what the table says, and nothing else', async (t) => {
  for (const [room, imports] of table) {
    const rules = lintRules.filter(({ files, folder }) => files === room || roomOf(`${folder}/x.ts`) === room);
    t.not(rules.length, 0, `${room} has a lint rule`);
    for (const { files, allowed } of rules) {
      t.same(
        allowed
          .map((path) => path.replace(/\/\*\*$/, ''))
          .filter((path) => path !== 'package.json')
          .toSorted(),
        imports,
        files,
      );
    }
  }
});

t.test('every source is held by the lint rule of its own room and depth', async (t) => {
  const held = new Map<string, string>();
  for (const { files } of lintRules) for (const path of globSync(files, { cwd: CHECKOUT })) held.set(path, files);
  for (const source of sources)
    t.equal(roomOf(held.get(source)?.replace('*.ts', 'x.ts') ?? ''), roomOf(source), source);
});

t.test('no room leads back to itself', async (t) => {
  const arrows = new Map<string, Set<string>>();
  for (const source of sources) {
    const room = roomOf(source) ?? source;
    for (const path of importsOf(source)) {
      const target = roomOf(path);
      if (target === undefined || target === room) continue;
      arrows.set(room, (arrows.get(room) ?? new Set()).add(target));
    }
  }
  for (const room of arrows.keys()) {
    const reached = new Set<string>();
    const follow = (from: string): void => {
      for (const target of arrows.get(from) ?? []) {
        if (reached.has(target)) continue;
        reached.add(target);
        follow(target);
      }
    };
    follow(room);
    t.notOk(reached.has(room), `${room} does not import itself through others`);
  }
});

t.test('nothing of the product imports tests or benchmarks', async (t) => {
  for (const source of sources) {
    const wrong = importsOf(source).filter((path) => OPEN_ROOMS.includes(path.split('/')[0] ?? ''));
    t.same(wrong, [], source);
  }
});

t.test('a wrong import is an error in every room, and an allowed one is none', async (t) => {
  const folder = t.testdir({ 'biome.json': JSON.stringify({ ...config, vcs: undefined, $schema: undefined }) });
  const wrong: string[] = [];
  const right: string[] = [];
  for (const { files, folder: pattern, allowed, forbidden } of lintRules) {
    const room = pattern.replaceAll('*', 'inner');
    const plant = (name: string, target: string) => {
      const path = files.endsWith('*.ts') ? join(room, name) : files;
      mkdirSync(join(folder, dirname(path)), { recursive: true });
      const specifier = relative(dirname(path), target);
      writeFileSync(
        join(folder, path),
        `export { x } from '${specifier.startsWith('.') ? specifier : `./${specifier}`}';\n`,
      );
      return path;
    };
    t.ok(forbidden.length > 0, `${files} forbids something`);
    if (!files.endsWith('*.ts')) {
      wrong.push(plant('', 'tests/support/waiting.ts'));
      continue;
    }
    wrong.push(plant('wrong-import.ts', 'tests/support/waiting.ts'), plant('wrong-room.ts', 'elsewhere/x.ts'));
    for (const [index, target] of allowed.entries()) {
      right.push(plant(`right-import-${index}.ts`, target.replace('**', 'x.ts').replaceAll('*', 'inner')));
    }
  }
  const report = await new Promise<string>((resolve) => {
    execFile(
      'biome',
      ['lint', '--colors=off', '--reporter=json', '--max-diagnostics=none', '--only=style/noRestrictedImports', '.'],
      { cwd: folder, maxBuffer: 2 ** 26 },
      (_error, stdout) => resolve(stdout),
    );
  });
  for (const path of wrong) t.ok(report.includes(path), `${path} is refused`);
  for (const path of right) t.notOk(report.includes(path), `${path} is taken`);
});
