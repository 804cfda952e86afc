// Says in the terminal what the exporter's and the bridge's own health pages say, whenever it changes and has held for two looks.
import { setTimeout as delay } from 'node:timers/promises';
import { request } from 'undici';
import { field, isRecord, listOf } from '../common/json-shape.ts';

const INTERVAL_MS = 2_000;

/** Fields of `/health` that are read here; anything else, and anything missing, is passed over. */
interface FeedHealth {
  readonly name: string;
  readonly isConnected: boolean;
  readonly reason: string;
}

export interface HealthWatchOptions {
  readonly exporterUrl: string;
  readonly bridgeUrl: string;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
  readonly intervalMs?: number;
}

/** Runs until the signal aborts. */
export async function watchHealth(options: HealthWatchOptions): Promise<void> {
  const { exporterUrl, bridgeUrl, say, signal, intervalMs = INTERVAL_MS } = options;
  const told = new Map<string, string>();
  let before = new Map<string, string>();
  while (!signal.aborted) {
    const [exporter, bridge] = await Promise.all([readJson(`${exporterUrl}/health`), readJson(`${bridgeUrl}/health`)]);
    const now = new Map(readFeeds(exporter).map((feed) => [feed.name, describeFeed(feed)]));
    for (const symbol of readList(exporter, 'unlistedSymbols')) {
      now.set(`symbol ${symbol}`, `✗ ${symbol}: no exchange lists it, so nothing of it can be seen`);
    }
    const existing = readText(exporter, 'existingServiceError');
    if (existing !== '') now.set('existing service', `✗ existing service: no open interest from it (${existing})`);
    const status = readText(bridge, 'status');
    if (status !== '') now.set('alert-bridge', status === 'ok' ? '✓ alert-bridge: ok' : `✗ alert-bridge: ${status}`);
    for (const [name, line] of now) {
      if (line === told.get(name) || line !== before.get(name)) continue;
      told.set(name, line);
      say(line);
    }
    before = now;
    await delay(intervalMs, undefined, { signal }).catch(() => undefined);
  }
}

function describeFeed({ name, isConnected, reason }: FeedHealth): string {
  if (isConnected) return `✓ ${name}: live`;
  return `✗ ${name}: not live${reason ? ` (${reason})` : ', connecting'}`;
}

function readFeeds(health: unknown): readonly FeedHealth[] {
  const feeds = listOf(field(health, 'feeds')).filter(isRecord);
  return feeds.map((feed) => ({
    name: `${readText(feed, 'exchange')} ${readText(feed, 'feed').replaceAll('_', ' ')}`.trim(),
    isConnected: feed.connected === true,
    reason: readText(feed, 'lastError'),
  }));
}

/** `undefined` where nothing answers in time or the answer is no JSON: the next look may fare better. */
async function readJson(url: string): Promise<unknown> {
  try {
    const { body } = await request(url, { headersTimeout: 1_500, bodyTimeout: 1_500 });
    return await body.json();
  } catch {
    return undefined;
  }
}

function readList(value: unknown, key: string): readonly string[] {
  return listOf(field(value, key)).filter((each) => typeof each === 'string');
}

function readText(value: unknown, key: string): string {
  const text = field(value, key);
  return typeof text === 'string' ? text : '';
}
