// Bridges in processes of their own on one PostgreSQL, before one Telegram: what two machines would run.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Test } from 'tap';
import { WEBHOOK_TOKEN } from '../support/running-bridge.ts';

export interface BridgeProcess {
  readonly url: string;
  readonly pid: number;
  /** The HTTP status; 0 when nobody answered. */
  post(webhook: object): Promise<number>;
  /** The value of one series; `undefined` where it is absent or nobody answers. */
  metric(series: string): Promise<number | undefined>;
  health(): Promise<Readonly<Record<string, unknown>>>;
  /** Everything that it logged. */
  log(): string;
  /** Ends it as hard as the kernel can. */
  kill(): Promise<void>;
  /** Resolves with how it ended by itself. */
  readonly gone: Promise<NodeJS.Signals | number | undefined>;
  stop(): Promise<void>;
}

const PROGRAM = join(import.meta.dirname, '../support/crashing-bridge.ts');
const READY_MS = 60_000;

export interface ProcessWishes {
  readonly databaseUrl: string;
  readonly telegramUrl: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** The step at which it kills itself. */
  readonly crashAt?: string;
}

/** @throws Error when it does not come up; what it said is in the text */
export async function startBridgeProcess(t: Test, wishes: ProcessWishes): Promise<BridgeProcess> {
  const folder = t.testdir();
  const urlFile = join(folder, `url-${performance.now()}`);
  const child = spawn(process.execPath, [PROGRAM], {
    env: {
      ...{ PATH: process.env.PATH, TELEGRAM_BOT_TOKEN: '1:test-token', TELEGRAM_CHAT_ID: '100' },
      ...{ TELEGRAM_API_URL: wishes.telegramUrl, BRIDGE_WEBHOOK_TOKEN: WEBHOOK_TOKEN, BRIDGE_PORT: '0' },
      // Nothing listens there: a bridge without engines must work all the same.
      ...{ PROMETHEUS_URL: 'http://127.0.0.1:1', ALERTMANAGER_URL: 'http://127.0.0.1:1', DATA_DIR: folder },
      BRIDGE_DATABASE_URL: wishes.databaseUrl,
      ...{ CRASH_AT: wishes.crashAt ?? '', URL_FILE: urlFile, LOG_LEVEL: 'info' },
      ...wishes.environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  const listen = (chunk: Buffer) => {
    said += String(chunk);
  };
  child.stdout.on('data', listen);
  child.stderr.on('data', listen);
  const gone = endOf(child);
  const kill = async () => {
    child.kill('SIGKILL');
    await gone;
  };
  t.teardown(kill);
  const giveUpAt = performance.now() + READY_MS;
  const isUp = () => existsSync(urlFile) && readFileSync(urlFile, 'utf8') !== '';
  while (!isUp()) {
    if (child.exitCode !== null || performance.now() > giveUpAt) throw new Error(`the bridge does not start: ${said}`);
    await delay(50);
  }
  const url = readFileSync(urlFile, 'utf8');
  return {
    url,
    pid: child.pid ?? 0,
    post: (webhook) =>
      fetch(`${url}/webhook`, {
        method: 'POST',
        headers: { authorization: `Bearer ${WEBHOOK_TOKEN}`, 'content-type': 'application/json' },
        body: JSON.stringify(webhook),
      }).then(
        (response) => response.status,
        () => 0,
      ),
    async metric(series) {
      const text = await fetch(`${url}/metrics`).then(
        (response) => response.text(),
        () => '',
      );
      const line = text.split('\n').find((candidate) => candidate.startsWith(`${series} `));
      return line === undefined ? undefined : Number(line.slice(series.length + 1));
    },
    async health() {
      const answer: unknown = await (await fetch(`${url}/health`)).json();
      return typeof answer === 'object' && answer !== null ? { ...answer } : {};
    },
    log: () => said,
    kill,
    gone,
    async stop() {
      child.kill('SIGTERM');
      await gone;
    },
  };
}

async function endOf(child: ChildProcess): Promise<NodeJS.Signals | number | undefined> {
  await once(child, 'exit');
  return child.signalCode ?? child.exitCode ?? undefined;
}

/** Polls until the claim holds. @throws Error with what was to be, after a time that no slow machine needs */
export async function eventually(what: string, claim: () => Promise<boolean> | boolean): Promise<void> {
  const giveUpAt = performance.now() + 60_000;
  while (!(await claim())) {
    if (performance.now() > giveUpAt) throw new Error(`never came true: ${what}`);
    await delay(50);
  }
}
