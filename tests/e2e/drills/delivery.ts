// What happens between Alertmanager and a phone: a Telegram that fails or stalls, too many alerts, wrong credentials.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { ESCALATION_MS } from '../../../alert-bridge/reactions/escalation.ts';
import { answers } from '../../../simulators/telegram/answers.ts';
import { cascade } from '../orders.ts';
import type { E2eStack } from '../stack.ts';
import type { Drill } from './drill.ts';

/** Telegram takes one message a second for each chat: a flood needs many of them. */
export const CHATS = Array.from({ length: 10 }, (_, index) => String(100 + index));

const PER_FLOOD = 30;
const STALLED_ALERTS = 120;
const STRANGERS = 12;
let sent = 0;

export const deliveryDrills: readonly Drill<E2eStack>[] = [
  {
    alerts: ['DeliveryFailing'],
    fault: 'Telegram refuses every message with 400',
    async make(stack) {
      stack.telegram.answerAlways({ type: 'error', code: 400, description: 'Bad Request: something is wrong' });
      await postAlerts(stack, 1);
      return () => stack.telegram.answerAlways();
    },
  },
  {
    alerts: ['AlertSpam', 'DeliveryLatencyHigh'],
    fault: 'thirty cascades at once are told to ten chats, each of which takes one message a second',
    async make(stack) {
      await postAlerts(stack, PER_FLOOD);
      return undefined;
    },
  },
  {
    alerts: ['OutboxAgeing', 'QueueGrowing'],
    fault: 'Telegram says "retry after 3 s" to everything while 1,200 messages are owed',
    async make(stack) {
      stack.telegram.answerAlways(answers.tooMany(3));
      await postAlerts(stack, STALLED_ALERTS);
      return () => stack.telegram.answerAlways();
    },
  },
];

/** First of all: it needs a delivery that nothing disturbs, and commands that somebody could answer with. */
export const unseenDrills: readonly Drill<E2eStack>[] = [
  {
    alerts: ['AlertUnseen'],
    fault: 'nobody marks a cascade as seen; in the outbox it was told five minutes earlier',
    async make({ venues, telegram, dataDir }) {
      cascade(venues, { symbol: 'BTC', longs: 7, usd: 700_000 });
      await telegram.waitFor(({ text }) => text.includes('BTC LIQUIDATION CASCADE'), 30_000);
      changeOutbox(
        dataDir,
        `UPDATE deliveries SET accepted_at = accepted_at - ${ESCALATION_MS} WHERE phase = 'firing'`,
      );
      return undefined;
    },
  },
];

export const databaseDrills: readonly Drill<E2eStack>[] = [
  {
    alerts: ['OutboxUnreachable'],
    fault: 'the deliveries are moved away in the database',
    make({ dataDir }) {
      renameTable(dataDir, 'deliveries', 'deliveries_away');
      return () => renameTable(dataDir, 'deliveries_away', 'deliveries');
    },
  },
];

export const conflictDrills: readonly Drill<E2eStack>[] = [
  {
    alerts: ['CommandsConflict'],
    fault: 'another program polls Telegram with the same token',
    make({ telegram }) {
      telegram.answerPolls(answers.conflict);
      return () => telegram.answerPolls();
    },
  },
];

export const credentialDrills: readonly Drill<E2eStack>[] = [
  {
    alerts: ['AuthenticationFailures'],
    fault: 'a stranger presents wrong credentials twelve times',
    async make(stack) {
      for (let count = 0; count < STRANGERS; count += 1) {
        await fetch(`${stack.url('alert-bridge')}/webhook`, {
          method: 'POST',
          headers: { authorization: 'Bearer wrong', 'content-type': 'application/json' },
          body: '{"alerts":[]}',
        });
      }
      return undefined;
    },
  },
  {
    alerts: ['AlertmanagerNotificationsFailing'],
    fault: "Alertmanager's token is replaced by a wrong one",
    async make({ tokenFile, url }) {
      const token = readFileSync(tokenFile);
      writeFileSync(tokenFile, 'wrong');
      await fetch(`${url('alertmanager')}/api/v2/alerts`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify([{ labels: { alertname: 'LiquidationCascade', symbol: 'DRILL', tier: '1' } }]),
      });
      return () => writeFileSync(tokenFile, token);
    },
  },
];

function renameTable(dataDir: string, from: string, to: string): void {
  changeOutbox(dataDir, `ALTER TABLE ${from} RENAME TO ${to}`);
}

/** Past the bridge, while it runs. */
function changeOutbox(dataDir: string, sql: string): void {
  const outbox = new DatabaseSync(join(dataDir, 'bridge', 'outbox.sqlite'), { timeout: 10_000 });
  outbox.exec(sql);
  outbox.close();
}

/** Cascades of as many symbols, as Alertmanager would hand them over: what is high is held back by no quota of this stack's. */
async function postAlerts({ tokenFile, url }: E2eStack, count: number): Promise<void> {
  const shared = {
    alertname: 'LiquidationCascade',
    tier: '1',
    priority: 'high',
    severity: 'critical',
    category: 'market',
  };
  const alerts = Array.from({ length: count }, () => {
    sent += 1;
    const labels = { ...shared, symbol: `DRILL${sent}` };
    return { status: 'firing', labels, annotations: { summary: 'drill' }, startsAt: new Date().toISOString() };
  });
  const response = await fetch(`${url('alert-bridge')}/webhook`, {
    method: 'POST',
    headers: { authorization: `Bearer ${readFileSync(tokenFile, 'utf8').trim()}`, 'content-type': 'application/json' },
    body: JSON.stringify({ version: '4', receiver: 'bridge', status: 'firing', alerts }),
  });
  if (!response.ok) throw new Error(`the bridge answers ${response.status}: ${await response.text()}`);
}
