// Where the whole proof takes place: a clone of its own, the existing system, the venues and Telegram as simulators, and the
// people who sign. Nothing of it outlives `close`.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parse, stringify } from 'yaml';
import type { Environment } from '../../../common/env.ts';
import { freeAddresses } from '../../../engines/free-addresses.ts';
import { portVariables, type SERVICE_NAMES } from '../../../engines/stack-settings.ts';
import { type Ran, runExternal, runOrThrow } from '../../../operations/external.ts';
import { ROLES, type Role } from '../../../operations/rollout/signoff-file.ts';
import {
  type ExistingSystem,
  startExistingSystem,
} from '../../../simulators/existing-system/existing-system-simulator.ts';
import { startTelegramSimulator, type TelegramSimulator } from '../../../simulators/telegram/telegram-simulator.ts';
import { startVenues, type Venues } from '../../../simulators/venues/start-venues.ts';
import { identityOf } from '../../operations/rollout/git-identity.ts';
import { PRODUCT_ROOMS } from '../../support/rooms.ts';

export const CANARY_CHAT = '300';
export const ALL_CHATS = ['100', '101'];
export const OBSERVING_SECONDS = 10;
/** Slow enough that a few milliseconds of a busy machine are no 5 %. */
const SERVICE_MS = 80;
const COMMAND_LIMIT_MS = 180_000;

const CHECKOUT = dirname(dirname(dirname(import.meta.dirname)));
const COPIED = [
  ...PRODUCT_ROOMS,
  ...['scripts', 'prometheus', 'alertmanager', 'docker', 'rollout'],
  ...['package.json', 'package-lock.json', '.gitignore', 'docker-compose.observability.yml', 'docker-compose.core.yml'],
];

export interface World {
  readonly checkout: string;
  readonly dataDir: string;
  readonly existing: ExistingSystem;
  readonly telegram: TelegramSimulator;
  readonly venues: Venues;
  /** Where a program of the stack answers. */
  url(name: (typeof SERVICE_NAMES)[number]): string;
  /** Runs a script of the clone; `person` is who git takes it for. */
  run(script: string, args: readonly string[], person?: string, more?: Environment): Promise<Ran>;
  rollout(args: readonly string[], person?: string): Promise<Ran>;
  git(...args: readonly string[]): Promise<string>;
  close(): Promise<void>;
}

/** As git writes a person. */
export function personOf(role: Role): string {
  const word = role.replace(' ', '-').toLowerCase();
  return `The ${role} <${word}@example.org>`;
}

/** @param serviceMs how long the existing service takes to answer */
export async function openWorld(serviceMs = SERVICE_MS): Promise<World> {
  const root = mkdtempSync(join(tmpdir(), 'derivatives-alerts-proof-'));
  const checkout = join(root, 'clone');
  const dataDir = join(root, 'data');
  const [existing, telegram, venues, addresses] = await Promise.all([
    startExistingSystem({ serviceMs }),
    startTelegramSimulator(),
    startVenues(),
    freeAddresses(),
  ]);
  const environment: Environment = {
    PATH: process.env.PATH,
    HOME: root,
    ...venues.environment(),
    ...portVariables(addresses),
    DATA_DIR: dataDir,
    MARKET_DATA_URL: existing.url,
    SYMBOLS: 'BTC,ETH',
    OI_POLL_SECONDS: '2',
    OI_REQUESTS_PER_HOUR: '100000',
    TELEGRAM_API_URL: telegram.url,
    TELEGRAM_BOT_TOKEN: '1:test-token',
    TELEGRAM_CHAT_ID: ALL_CHATS.join(','),
    CANARY_CHAT_ID: CANARY_CHAT,
  };
  const run: World['run'] = (script, args, person = personOf('DevOps'), more = {}) =>
    runExternal([join(checkout, script), ...args], {
      cwd: checkout,
      env: { ...environment, ...identityOf(person), ...more },
      timeoutMs: COMMAND_LIMIT_MS,
    });
  const git: World['git'] = (...args) =>
    runOrThrow(['git', ...args], 'PROOF_GIT', {
      cwd: checkout,
      env: { ...environment, ...identityOf(personOf('DevOps')) },
    });
  await openClone(checkout, git);
  return {
    checkout,
    dataDir,
    existing,
    telegram,
    venues,
    url: (name) => `http://127.0.0.1:${addresses[name].port}`,
    run,
    rollout: (args, person = personOf('DevOps')) =>
      runExternal([process.execPath, join(checkout, 'operations/rollout/main.ts'), ...args], {
        cwd: checkout,
        env: { ...environment, ...identityOf(person) },
        timeoutMs: COMMAND_LIMIT_MS,
      }),
    git,
    async close() {
      await run('scripts/deployment/stop_monitoring.sh', ['--native']);
      await Promise.all([existing.close(), telegram.close(), venues.close()]);
      rmSync(root, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

async function openClone(checkout: string, git: World['git']): Promise<void> {
  mkdirSync(checkout, { recursive: true });
  for (const path of COPIED) {
    cpSync(join(CHECKOUT, path), join(checkout, path), {
      recursive: true,
      // What was signed for the real clone is not about this one.
      filter: (source) => !/rollout\/(records|hooks)\/[^.]/.test(source),
    });
  }
  for (const path of ['node_modules', '.cache']) symlinkSync(join(CHECKOUT, path), join(checkout, path));
  const signoff = join(checkout, 'rollout', 'signoff.yml');
  const plan = parse(readFileSync(signoff, 'utf8'));
  for (const role of ROLES) plan.roles[role].approvers = [personOf(role)];
  plan.observing_hours = OBSERVING_SECONDS / 3_600;
  writeFileSync(signoff, stringify(plan));
  await git('init', '-q', '-b', 'main');
  // Links are no folders to .gitignore.
  writeFileSync(join(checkout, '.git', 'info', 'exclude'), '/node_modules\n/.cache\n');
  await git('add', '-A');
  await git('commit', '-q', '-m', 'the version to roll out');
}
