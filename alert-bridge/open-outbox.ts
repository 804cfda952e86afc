// Configuration → the outbox: a file of this bridge alone, or PostgreSQL shared with others.
import type { Clock } from '../common/clock.ts';
import type { Logger } from '../common/logger.ts';
import { openAlone } from './cluster/alone.ts';
import { type Cluster, uniqueChats } from './cluster/cluster.ts';
import type { SeveralOptions } from './cluster/several.ts';
import type { BridgeConfig } from './config.ts';
import type { AlertKind } from './model/alert.ts';
import type { OutboxRules } from './outbox/store.ts';

/** Messages that may wait; a webhook beyond that is refused, and Alertmanager sends it again. */
export const MAX_WAITING = 100_000;
const RETENTION_MS = 90 * 24 * 3_600_000;

/** @throws AppError as the database's opening does */
export async function openOutbox(
  config: BridgeConfig,
  clock: Clock,
  logger: Logger,
  status: SeveralOptions['status'],
): Promise<Cluster> {
  const rules = rulesOf(config);
  const chats = uniqueChats([...config.marketChats, ...config.stackChats]);
  if (config.databaseUrl === undefined) return openAlone({ dataDir: config.dataDir, rules, chats, clock });
  // The client of PostgreSQL is loaded only where it is used.
  const { openSeveral } = await import('./cluster/several.ts');
  return openSeveral({ url: config.databaseUrl, rules, chats, clock, logger, status });
}

function rulesOf(config: BridgeConfig): OutboxRules {
  const switches: Partial<Record<AlertKind, boolean>> = {
    cascade: config.isLiquidationOn,
    large_liquidation: config.isLiquidationOn,
    market_cascade: config.isLiquidationOn,
    oi_explosion: config.isOpenInterestOn,
    oi_collapse: config.isOpenInterestOn,
  };
  return {
    chatsFor: (category) => (category === 'stack' ? config.stackChats : config.marketChats),
    isEnabled: (kind) => switches[kind] ?? true,
    dedupMs: config.dedupMs,
    quota: { maxMarketPerHour: config.maxAlertsPerHour, rateLimitMs: config.rateLimitMs },
    maxWaiting: MAX_WAITING,
    retentionMs: RETENTION_MS,
  };
}
