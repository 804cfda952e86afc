// Writes rows of `deliveries`; each change of state is also recorded in `transitions`.
import type { Priority } from '../../model/alert.ts';
import type { Phase, State } from '../delivery.ts';
import { rankOf } from '../priority.ts';
import type { Queries } from './database.ts';

export interface NewDelivery {
  readonly chat: string;
  readonly phase: Phase;
  readonly priority: Priority;
  readonly alertId?: number | undefined;
  readonly notice?: string;
  readonly targetId?: number | undefined;
  readonly replacesNews?: boolean;
  readonly isCounted?: boolean;
  readonly isSilent?: boolean;
  readonly state?: State;
  readonly reason?: string | undefined;
  /** Milliseconds to wait before it is due. */
  readonly delayMs?: number;
}

export async function insertDelivery(sql: Queries, delivery: NewDelivery, nowMs: number): Promise<number> {
  const { state = 'pending', reason = null } = delivery;
  const id = await sql.insert(
    `INSERT INTO deliveries (chat, phase, alert_id, notice, target_id, priority, rank, is_counted, is_silent, state,
       reason, accepted_at, due_at, finished_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    delivery.chat,
    delivery.phase,
    delivery.alertId ?? null,
    delivery.notice ?? null,
    delivery.targetId ?? null,
    delivery.priority,
    rankOf(delivery.phase, delivery.priority, delivery.replacesNews),
    delivery.isCounted ? 1 : 0,
    delivery.isSilent ? 1 : 0,
    state,
    reason,
    nowMs,
    nowMs + (delivery.delayMs ?? 0),
    state === 'pending' ? null : nowMs,
  );
  await recordTransition(sql, id, state, reason, nowMs);
  return id;
}

export async function recordTransition(
  sql: Queries,
  id: number,
  state: State,
  reason: string | null,
  nowMs: number,
): Promise<void> {
  await sql.run(
    'INSERT INTO transitions (delivery_id, at, state, reason) VALUES (?, ?, ?, ?)',
    id,
    nowMs,
    state,
    reason,
  );
}

/** Ends a delivery that is still waiting; leaves one that is claimed or finished as it is. `true` when it ended it. */
export async function suppressPending(sql: Queries, id: number, reason: string, nowMs: number): Promise<boolean> {
  const changes = await sql.run(
    `UPDATE deliveries SET state = 'suppressed', reason = ?, finished_at = ?, is_counted = 0 WHERE id = ? AND state = 'pending'`,
    reason,
    nowMs,
    id,
  );
  if (changes > 0) await recordTransition(sql, id, 'suppressed', reason, nowMs);
  return changes > 0;
}

/** Enqueues an edit of the message that `targetId` sent, unless one waits already. */
export async function enqueueEdit(
  sql: Queries,
  edit: NewDelivery & { readonly targetId: number },
  nowMs: number,
): Promise<void> {
  const waiting = await sql.get(
    `SELECT id FROM deliveries WHERE target_id = ? AND phase = ? AND state = 'pending'`,
    edit.targetId,
    edit.phase,
  );
  if (waiting === undefined) await insertDelivery(sql, edit, nowMs);
}
