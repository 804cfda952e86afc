// The outbox itself, in a folder that goes away, with quotas out of the way.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Alert, labelsHash } from '../../alert-bridge/model/alert.ts';
import { openSqliteStore } from '../../alert-bridge/outbox/databases/sqlite/store.ts';
import type { OutboxRules, OutboxStore } from '../../alert-bridge/outbox/store.ts';
import { epochMs } from '../../common/brands.ts';
import { CHECKOUT } from './chain.ts';

export const OUTBOX_CHAT = { key: '100', chatId: '100', threadId: undefined };

const RULES: OutboxRules = {
  chatsFor: () => [OUTBOX_CHAT],
  isEnabled: () => true,
  dedupMs: 300_000,
  quota: { maxMarketPerHour: 1_000_000, rateLimitMs: 0 },
  maxWaiting: 10_000_000,
  retentionMs: 90 * 24 * 3_600_000,
};

export interface OutboxFolder {
  readonly path: string;
  open(nowMs: number): Promise<OutboxStore>;
  remove(): void;
}

export function makeOutboxFolder(): OutboxFolder {
  const cacheDir = join(CHECKOUT, '.cache', 'bench');
  mkdirSync(cacheDir, { recursive: true });
  const folder = mkdtempSync(join(cacheDir, 'outbox-'));
  const path = join(folder, 'outbox.sqlite');
  return {
    path,
    open: (nowMs) => openSqliteStore({ path, rules: RULES, chats: [OUTBOX_CHAT], now: epochMs(nowMs) }),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

export function cascadeOn(symbol: string, startsAtMs: number): Alert {
  const labels = {
    alertname: 'LiquidationCascade',
    symbol,
    tier: '1',
    priority: 'high',
    severity: 'critical',
    category: 'market',
  };
  return {
    receiver: 'bridge',
    fingerprint: labelsHash(labels),
    status: 'firing',
    labels,
    annotations: { notional_usd: '1200000', events: '7', long_events: '5', short_events: '2' },
    startsAt: epochMs(startsAtMs),
    endsAt: undefined,
    notificationReason: undefined,
  };
}
