// From something said or pressed in Telegram to the bot's answer, silences at a real Alertmanager among them.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { quantileOf } from '../../common/median.ts';
import type { TelegramSimulator } from '../../simulators/telegram/telegram-simulator.ts';
import { isAsked, report, runMeasurement } from '../program.ts';
import { webhookText } from '../rig/alerts.ts';
import { startChain } from '../rig/chain.ts';
import { symbolNames } from '../rig/market.ts';

const ROUNDS = isAsked('quick') ? 1 : 4;
/** A chat gets one message a second, so each says one thing a round. */
const CHATS = Array.from({ length: 10 }, (_, index) => String(101 + index));
const PACE_MS = 1_100;
const WITHIN_MS = 10_000;

await runMeasurement(async () => {
  const chain = await startChain({
    symbols: symbolNames(3),
    environment: { TELEGRAM_COMMANDS: 'polling', TELEGRAM_CHAT_ID: CHATS.join(',') },
  });
  try {
    const { telegram } = chain;
    const elapsed: number[] = [];
    const ask = async (chat: string, words: string) => {
      elapsed.push(await timeToMessage(telegram, chat, () => telegram.say(Number(chat), words)));
    };
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const words of ['/silence Q1 5m', '/unsilence Q1', '/history BTC', '/subscribe all']) {
        for (const [index, chat] of CHATS.entries()) await ask(chat, words.replace('Q1', `Q${round}A${index}`));
        await delay(PACE_MS);
      }
    }
    const pressed = await pressButtons();
    const note = `${elapsed.length} commands`;
    report('answer_p99_ms', quantileOf(elapsed, 0.99), note);
    report('silence_button_p99_ms', quantileOf(pressed, 0.99), `${pressed.length} buttons, at a real Alertmanager`);

    /** Everybody gets a cascade, and silences it from its button. */
    async function pressButtons(): Promise<readonly number[]> {
      const token = readFileSync(join(chain.dataDir, 'secrets', 'webhook-token'), 'utf8').trim();
      const response = await fetch(`${chain.url('alert-bridge')}/webhook`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: webhookText({ symbols: ['PRESSED'], startsAtMs: Date.now() }),
      });
      if (response.status !== 200) throw new Error(`the bridge answered ${response.status}`);
      const ofAlert = () => telegram.messages.filter(({ text }) => text.includes('PRESSED'));
      await telegram.waitUntil(() => ofAlert().length === CHATS.length, WITHIN_MS);
      const times: number[] = [];
      for (const { messageId, chatId, keyboard } of ofAlert()) {
        const [, data] = /"callback_data":"(s:[^"]+)"/.exec(JSON.stringify(keyboard)) ?? [];
        if (data === undefined) throw new Error('the alert has no button that silences');
        const before = telegram.callbackAnswers.length;
        const pressedMs = performance.now();
        telegram.pressButton(messageId, data, Number(chatId));
        await telegram.waitUntil(({ callbackAnswers }) => callbackAnswers.length > before, WITHIN_MS);
        times.push(performance.now() - pressedMs);
      }
      return times;
    }
  } finally {
    await chain.stop();
  }
});

async function timeToMessage(telegram: TelegramSimulator, chat: string, say: () => void): Promise<number> {
  const count = () => telegram.messages.filter(({ chatId }) => chatId === chat).length;
  const before = count();
  const saidMs = performance.now();
  say();
  await telegram.waitUntil(() => count() > before, WITHIN_MS);
  return performance.now() - saidMs;
}
