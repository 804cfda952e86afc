// The outbox with a million rows behind it: storing an alert, claiming a message, and reading the history.
import { DatabaseSync } from 'node:sqlite';
import { LOWEST_RANK } from '../../alert-bridge/outbox/priority.ts';
import { epochMs } from '../../common/brands.ts';
import { quantileOf } from '../../common/median.ts';
import { isAsked, report, runMeasurement } from '../program.ts';
import { cascadeOn, makeOutboxFolder, OUTBOX_CHAT } from '../rig/outbox.ts';

const ROWS = isAsked('quick') ? 100_000 : 1_000_000;
const TIMES = isAsked('quick') ? 200 : 500;
const HISTORY = 100;

/** The numbers from one on; node:sqlite brings no generate_series. */
const NUMBERS = `WITH RECURSIVE numbers(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM numbers WHERE value < ${ROWS}) SELECT value FROM numbers`;

/** Finished messages of the last weeks, written at once: made one by one they would take hours. */
function fill(path: string, nowMs: number): void {
  const database = new DatabaseSync(path);
  database.exec('PRAGMA synchronous = OFF');
  database.exec(`
    BEGIN;
    INSERT INTO alerts (id, receiver, fingerprint, starts_at, root_id, name, kind, category, symbol, tier, priority,
      dedup_key, labels, annotations, peak, status, event_at, accepted_at, ends_at)
    SELECT value, 'bridge', 'f' || value, ${nowMs} - value * 1000, value, 'LiquidationCascade', 'cascade', 'market',
      'S' || (value % 300), 1, 'high', 'LiquidationCascade|S' || (value % 300) || '|1',
      '{"alertname":"LiquidationCascade"}', '{"notional_usd":"1200000"}', '{"notional_usd":"1200000"}', 'resolved',
      ${nowMs} - value * 1000, ${nowMs} - value * 1000 - 7200000, ${nowMs} - value * 1000
    FROM (${NUMBERS});
    INSERT INTO deliveries (id, chat, phase, alert_id, priority, rank, is_counted, state, accepted_at, due_at,
      finished_at, message_id, text)
    SELECT value, '${OUTBOX_CHAT.key}', 'firing', value, 'high', 0, 1, 'delivered', ${nowMs} - value * 1000 - 7200000,
      ${nowMs} - value * 1000, ${nowMs} - value * 1000, value, 'liquidation cascade, as it was sent'
    FROM (${NUMBERS});
    COMMIT;`);
  database.close();
}

await runMeasurement(async () => {
  const folder = makeOutboxFolder();
  const nowMs = Date.now();
  const now = epochMs(nowMs);
  await (await folder.open(nowMs)).close();
  fill(folder.path, nowMs);
  const store = await folder.open(nowMs);
  try {
    const inserts: number[] = [];
    const claims: number[] = [];
    const histories: number[] = [];
    for (let turn = 0; turn < TIMES; turn += 1) {
      const alert = cascadeOn(`N${turn}`, nowMs);
      inserts.push(await time(() => store.accept([alert], { now, wallNow: now })));
      claims.push(
        await time(async () => {
          const delivery = await store.claim([OUTBOX_CHAT.key], now, LOWEST_RANK);
          if (delivery) await store.settle(delivery.id, { type: 'delivered', messageId: turn, text: 'sent' }, now);
        }),
      );
      histories.push(await time(() => store.recent(HISTORY)));
    }
    const note = `${ROWS.toLocaleString('en-US')} messages in the outbox`;
    report('database_insert_p99_ms', quantileOf(inserts, 0.99), note);
    report('database_claim_p99_ms', quantileOf(claims, 0.99), `claim and settle; ${note}`);
    report('database_history_p99_ms', quantileOf(histories, 0.99), `the last ${HISTORY}; ${note}`);
  } finally {
    await store.close();
    folder.remove();
  }
});

async function time(work: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await work();
  return performance.now() - startedMs;
}
