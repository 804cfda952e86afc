// How fast messages leave: the first one of an alert when nothing holds it, and a storm of 1,000 alerts to 20 chats at one
// message a second each, which is as fast as Telegram allows.
import { setTimeout as delay } from 'node:timers/promises';
import { quantileOf } from '../../common/median.ts';
import { isAsked, report, runMeasurement } from '../program.ts';
import { webhookText } from '../rig/alerts.ts';
import { type BridgeUnderTest, startBridgeUnderTest } from '../rig/bridge.ts';

const isQuick = isAsked('quick');
const FIRST_MESSAGES = isQuick ? 8 : 30;
const STORM_ALERTS = 1_000;
const STORM_SECONDS = isQuick ? 8 : 30;
const CHATS = Array.from({ length: 20 }, (_, index) => String(101 + index));
const PACE_MS = 1_100;

await runMeasurement(async () => {
  const quiet = await startBridgeUnderTest({ MAX_ALERTS_PER_HOUR: '1000' });
  try {
    const elapsed = await firstMessages(quiet);
    report('first_message_p99_ms', quantileOf(elapsed, 0.99), `${elapsed.length} alerts, from their 2xx`);
  } finally {
    await quiet.stop();
  }
  const stormy = await startBridgeUnderTest({ TELEGRAM_CHAT_ID: CHATS.join(','), MAX_ALERTS_PER_HOUR: '1000' });
  try {
    const { ratio, largestGapMs } = await storm(stormy);
    const note = `${STORM_ALERTS} alerts to ${CHATS.length} chats, looked at for ${STORM_SECONDS} s`;
    report('storm_pace_ratio', ratio, note);
    report('storm_largest_gap_ms', largestGapMs, 'between two messages to one chat, which may have one a second');
  } finally {
    await stormy.stop();
  }
});

async function firstMessages({ post, telegram }: BridgeUnderTest): Promise<readonly number[]> {
  const elapsed: number[] = [];
  for (let sent = 0; sent < FIRST_MESSAGES; sent += 1) {
    await post(webhookText({ symbols: [`F${sent}`], startsAtMs: Date.now() }));
    const acceptedMs = performance.now();
    await telegram.waitUntil(({ messages }) => messages.length > sent);
    elapsed.push(performance.now() - acceptedMs);
    await delay(PACE_MS);
  }
  return elapsed;
}

/** What left against one message a second and chat, and the longest wait of a chat between two of its messages. */
async function storm({ post, telegram }: BridgeUnderTest): Promise<{ ratio: number; largestGapMs: number }> {
  const symbols = Array.from({ length: STORM_ALERTS }, (_, index) => `S${index}`);
  await post(webhookText({ symbols, startsAtMs: Date.now() }));
  await telegram.waitUntil(({ messages }) => messages.length >= CHATS.length);
  const startedMs = Date.now();
  await delay(STORM_SECONDS * 1_000);
  const sent = telegram.messages.filter(
    ({ sentAt }) => sentAt > startedMs && sentAt <= startedMs + STORM_SECONDS * 1_000,
  );
  const gaps = CHATS.flatMap((chat) => {
    const times = sent.filter(({ chatId }) => chatId === chat).map(({ sentAt }) => sentAt);
    return times.slice(1).map((at, index) => at - (times[index] ?? at));
  });
  return { ratio: sent.length / (CHATS.length * STORM_SECONDS), largestGapMs: Math.max(...gaps) };
}
