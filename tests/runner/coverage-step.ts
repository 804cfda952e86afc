// The step `coverage`: how much of each room the tests ran, judged room by room and as a whole.
import { existsSync, globSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Outcome, runCommand, type Step } from './step.ts';

const LEAST_PERCENT = 90;

interface Share {
  readonly total: number;
  readonly covered: number;
}

interface FileCoverage {
  readonly lines: Share;
  readonly branches: Share;
}

export interface RoomCoverage {
  readonly room: string;
  readonly linePercent: number;
  readonly branchPercent: number;
}

interface ProcessCoverage {
  readonly result: readonly { readonly url: string }[];
}

export function coverageStep(checkout: string, rooms: readonly string[]): Step {
  return {
    name: 'coverage',
    title: `Coverage, at least ${LEAST_PERCENT} % of lines and branches in every room (c8)`,
    async run(): Promise<Outcome> {
      const raw = join(checkout, '.tap', 'coverage-of-rooms');
      if (gatherCoverage(checkout, rooms, raw) === 0) throw new Error('no coverage is there: the step tests leaves it');
      const report = join(checkout, 'reports', 'coverage');
      const code = await runCommand([
        ...['c8', 'report', '--all', '--extension=.ts', ...rooms.map((room) => `--src=${room}`)],
        ...rooms.map((room) => `--include=${room}/**/*.ts`),
        // What holds types only is never loaded.
        ...sourcesOf(checkout, rooms).flatMap((path) =>
          isTypesOnly(readFileSync(join(checkout, path), 'utf8')) ? [`--exclude=${path}`] : [],
        ),
        ...[`--temp-directory=${raw}`, `--reports-dir=${report}`],
        ...['--reporter=html', '--reporter=json-summary'],
      ]);
      if (code !== 0) throw new Error(`c8 ended with ${code}`);
      const summary = JSON.parse(readFileSync(join(report, 'coverage-summary.json'), 'utf8'));
      const judged = judgeRooms(summary, checkout, rooms);
      console.log(describeRooms(judged));
      const low = judged.filter(isLow);
      return {
        passed: judged.length - low.length,
        failed: low.length,
        failures: low.map(({ room }) => `coverage of ${room} is below ${LEAST_PERCENT} %: reports/coverage/index.html`),
      };
    },
  };
}

/**
 * Copies what the processes of the tests recorded, cut down to the rooms. Some tests run the programs of a clone of the checkout:
 * what ran there is counted for the same file of the checkout.
 * @returns the number of records
 */
export function gatherCoverage(checkout: string, rooms: readonly string[], target: string): number {
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  const source = join(checkout, '.tap', 'coverage');
  const known = new Set(sourcesOf(checkout, rooms));
  const room = new RegExp(`^file://.*?/((?:${rooms.join('|')})/.+\\.ts)$`);
  let count = 0;
  for (const name of existsSync(source) ? readdirSync(source) : []) {
    const { result }: ProcessCoverage = JSON.parse(readFileSync(join(source, name), 'utf8'));
    const own = result.flatMap((script) => {
      const path = pathIn(script.url, room, known);
      return path === undefined ? [] : [{ ...script, url: pathToFileURL(join(checkout, path)).href }];
    });
    if (own.length === 0) continue;
    writeFileSync(join(target, name), JSON.stringify({ result: own }));
    count += 1;
  }
  return count;
}

/** Rooms are names of folders, and folders of tests are called like the rooms: only a known file is one of ours. */
function pathIn(url: string, room: RegExp, known: ReadonlySet<string>): string | undefined {
  const path = room.exec(url)?.[1];
  return path !== undefined && known.has(path) && !url.includes('/tests/') ? path : undefined;
}

function sourcesOf(checkout: string, rooms: readonly string[]): readonly string[] {
  return rooms.flatMap((room) => globSync(`${room}/**/*.ts`, { cwd: checkout }));
}

export function isTypesOnly(source: string): boolean {
  const code = stripTypeScriptTypes(source).replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
  return code.replace(/[\s;]/g, '') === '';
}

/** Each room, and `all` of them. A room of which nothing was counted is at 0. */
export function judgeRooms(
  summary: Readonly<Record<string, FileCoverage>>,
  checkout: string,
  rooms: readonly string[],
): readonly RoomCoverage[] {
  const files = Object.entries(summary).filter(([path]) => path !== 'total');
  const share = (name: string, own: readonly (readonly [string, FileCoverage])[]): RoomCoverage => ({
    room: name,
    linePercent: percentOf(own.map(([, { lines }]) => lines)),
    branchPercent: percentOf(own.map(([, { branches }]) => branches)),
  });
  return [
    ...rooms.map((room) =>
      share(
        room,
        files.filter(([path]) => path.startsWith(join(checkout, room, '/'))),
      ),
    ),
    share('all', files),
  ];
}

export function describeRooms(rooms: readonly RoomCoverage[]): string {
  const cell = (percent: number) => `${percent.toFixed(1)} %`.padStart(10);
  return [
    `  ${'room'.padEnd(16)}${'lines'.padStart(10)}${'branches'.padStart(10)}`,
    ...rooms.map(
      (room) =>
        `  ${room.room.padEnd(16)}${cell(room.linePercent)}${cell(room.branchPercent)}${isLow(room) ? '  TOO LOW' : ''}`,
    ),
  ].join('\n');
}

function isLow({ linePercent, branchPercent }: RoomCoverage): boolean {
  return linePercent < LEAST_PERCENT || branchPercent < LEAST_PERCENT;
}

function percentOf(shares: readonly Share[]): number {
  const sum = (read: (share: Share) => number) => shares.reduce((total, share) => total + read(share), 0);
  const total = sum((share) => share.total);
  return total === 0 ? 0 : (100 * sum((share) => share.covered)) / total;
}
