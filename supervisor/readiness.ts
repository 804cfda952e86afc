// Waits until each program answers, and says so, and says what is being waited for when it takes long.
import { setTimeout as delay } from 'node:timers/promises';
import { request } from 'undici';
import { type NativeSettings, reachableAt, SERVICE_NAMES, type ServiceName } from '../engines/stack-settings.ts';

/** What answers 200 when a program does its work. The exporter is up before its feeds are: those are told one by one. */
const READY_PATHS: Readonly<Record<ServiceName, string>> = {
  exporter: '/health',
  'alert-bridge': '/health',
  prometheus: '/-/ready',
  alertmanager: '/-/ready',
};

const POLL_MS = 100;
const REMINDER_MS = 5_000;

export interface ReadinessOptions {
  readonly addresses: NativeSettings['addresses'];
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
  readonly reminderMs?: number;
  /** All four by default. */
  readonly names?: readonly ServiceName[];
}

/** Resolves when all of them have answered once, or the signal aborts; never gives up by itself. */
export async function waitUntilReady({
  addresses,
  say,
  signal,
  reminderMs = REMINDER_MS,
  names = SERVICE_NAMES,
}: ReadinessOptions): Promise<void> {
  const waiting = new Set<ServiceName>(names);
  const reminder = setInterval(() => say(`waiting for ${[...waiting].join(', ')} …`), reminderMs);
  const waits = names.map(async (name) => {
    const url = `http://${reachableAt(addresses[name])}`;
    while (!signal.aborted && !(await isOk(`${url}${READY_PATHS[name]}`))) {
      await delay(POLL_MS, undefined, { signal }).catch(() => undefined);
    }
    waiting.delete(name);
    if (!signal.aborted) say(`✓ ${name}: up`);
  });
  await Promise.all(waits);
  clearInterval(reminder);
}

async function isOk(url: string): Promise<boolean> {
  try {
    const { statusCode, body } = await request(url, { headersTimeout: 2_000 });
    await body.dump();
    return statusCode === 200;
  } catch {
    return false;
  }
}
