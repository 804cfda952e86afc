// The six lines of the promise in docs/delivery.md, each attacked.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { createTelegramSender } from '../../alert-bridge/telegram/telegram-sender.ts';
import { AppError } from '../../common/errors.ts';
import { answers } from '../../simulators/telegram/answers.ts';
import { startTelegramSimulator } from '../../simulators/telegram/telegram-simulator.ts';
import { cascade, explosion, largeLiquidation, resolved, stackAlert, webhookOf } from './support/alerts.ts';
import { createFastClock } from './support/clocks.ts';
import { runBridge, WEBHOOK_TOKEN } from './support/running-bridge.ts';

t.setTimeout(180_000);

const DELIVERED = 'alertbridge_outbox_messages{state="delivered"}';
const PENDING = 'alertbridge_outbox_messages{state="pending"}';

t.test('promise 1: no 2xx without a commit, and what cannot be committed is a 503, never a 4xx', async (t) => {
  let fault: AppError | undefined = new AppError('OUTBOX_UNAVAILABLE', 'disk I/O error');
  const { post, metric, telegram, clock } = await runBridge(t, {
    wrapStore: (store) => ({
      ...store,
      accept: async (alerts, present) => {
        if (fault) throw fault;
        return store.accept(alerts, present);
      },
    }),
  });
  const webhook = webhookOf([cascade({ startsAt: clock.now() })]);
  t.equal((await post(webhook)).status, 503);
  fault = new AppError('OUTBOX_FULL', 'full');
  const full = await post(webhook);
  t.equal(full.status, 503);
  t.match(await full.json(), { error: 'outbox_full' });
  t.equal(await metric('alertbridge_webhooks_rejected_total{reason="outbox_unavailable"}'), 1);
  t.equal(await metric('alertbridge_webhooks_rejected_total{reason="outbox_full"}'), 1);
  fault = undefined;
  t.equal((await post(webhook)).status, 200);
  await telegram.waitFor((message) => message.text.startsWith('🚨 BTC LIQUIDATION CASCADE'));
  t.equal(telegram.messages.length, 1);
});

t.test(
  'promise 2: every accepted alert ends in exactly one state, whatever Telegram answers',
  { timeout: 60_000 },
  async (t) => {
    const { post, telegram, waitForMetric, metric, clock } = await runBridge(t, {
      environment: { MAX_ALERTS_PER_HOUR: '100' },
    });
    const script = [
      answers.internal,
      answers.chatNotFound,
      { type: 'broken_json' },
      { type: 'close_mid_body' },
      answers.tooMany(1),
    ] as const;
    telegram.answerNext(...script);
    for (let index = 0; index < 6; index += 1) {
      await post(webhookOf([explosion({ labels: { symbol: `S${index}` }, startsAt: clock.now() })]));
    }
    await waitForMetric(PENDING, (value) => value === 0);
    await waitForMetric('alertbridge_outbox_messages{state="claimed"}', (value) => value === 0);
    const total = async (state: string) => (await metric(`alertbridge_outbox_messages{state="${state}"}`)) ?? 0;
    // Six alerts; the two whose fate nobody knows are told in a digest, which may be edited once.
    t.equal(await total('dead'), 1);
    t.equal(await total('unknown'), 2);
    t.equal(await metric('alertbridge_notifications_failed_total{reason="chat_not_found"}'), 1);
    t.equal(
      telegram.messages.filter((message) => message.text.includes('OI EXPLOSION')).length,
      5,
      'taken twice without an answer',
    );
    t.ok(telegram.messages.some((message) => message.text.includes('may not have arrived')));
  },
);

t.test(
  'promise 2: a server error is tried again after 1, 2 and 4 s, then told in the digest',
  { timeout: 60_000 },
  async (t) => {
    const { post, telegram, waitForMetric, clock } = await runBridge(t);
    telegram.answerNext(answers.internal, answers.internal, answers.internal, answers.internal);
    await post(webhookOf([cascade({ startsAt: clock.now() })]));
    await waitForMetric('alertbridge_notifications_failed_total{reason="server_error"}', (value) => value === 1);
    const digest = await telegram.waitFor((message) => message.text.startsWith('🗂 DIGEST'));
    t.match(digest.text, /1 Telegram failing/);
    t.equal(telegram.requests.length, 5);
  },
);

t.test('promise 3: high priority leaves before all lower that waits', { timeout: 60_000 }, async (t) => {
  const { post, telegram, clock } = await runBridge(t, {
    environment: { MAX_ALERTS_PER_HOUR: '100', ALERT_RATE_LIMIT_SECONDS: '0' },
  });
  telegram.answerNext({ type: 'slow', delayMs: 300 });
  const medium = Array.from({ length: 3 }, (_, index) =>
    largeLiquidation({ labels: { symbol: `M${index}` }, startsAt: clock.now() }),
  );
  await post(webhookOf(medium));
  await telegram.waitUntil(({ requests }) => requests.length === 1);
  await post(webhookOf([cascade({ startsAt: clock.now() })]));
  await telegram.waitUntil(({ messages }) => messages.length === 4);
  t.match(telegram.messages[1]?.text, /LIQUIDATION CASCADE/);
});

t.test('promise 3: no quota of lower priority or of the stack holds high back', { timeout: 60_000 }, async (t) => {
  const { post, telegram, clock, waitForMetric } = await runBridge(t);
  const startsAt = clock.now();
  const many = Array.from({ length: 12 }, (_, index) => [
    largeLiquidation({ labels: { symbol: `L${index}` }, startsAt }),
    stackAlert({ labels: { instance: `i${index}` }, startsAt }),
  ]).flat();
  await post(webhookOf(many));
  await post(
    webhookOf(['BTC', 'ETH', 'SOL', 'XRP'].map((symbol) => cascade({ labels: { symbol }, startsAt: clock.now() }))),
  );
  await waitForMetric(PENDING, (value) => value === 0);
  const count = (text: string) =>
    telegram.messages.filter((message) => message.texts[0]?.split('\n')[0]?.includes(text)).length;
  t.equal(count('LIQUIDATION CASCADE'), 4);
  t.equal(count('LARGE LIQUIDATION'), 3);
  t.equal(count('FeedDown'), 10);
  t.equal(count('DIGEST'), 1);
});

t.test('promise 4: an answer that never comes is not followed by a second message', { timeout: 60_000 }, async (t) => {
  const { post, telegram, waitForMetric, clock } = await runBridge(t, {
    wrapSender: (_sender, apiUrl) => createTelegramSender({ token: '1:test-token', apiUrl, timeoutMs: 200 }),
  });
  telegram.answerNext({ type: 'hang' });
  await post(webhookOf([cascade({ startsAt: clock.now() })]));
  await waitForMetric('alertbridge_notifications_failed_total{reason="timeout"}', (value) => value === 1);
  await telegram.waitFor((message) => message.text.includes('may not have arrived'));
  t.equal(telegram.messages.filter((message) => message.text.includes('CASCADE')).length, 1);
});

t.test('promise 4: two Alertmanagers and repeated webhooks make one message', { timeout: 60_000 }, async (t) => {
  const { post, telegram, metric, clock, waitForMetric } = await runBridge(t);
  const alert = cascade({ startsAt: clock.now() });
  const webhooks = Array.from({ length: 20 }, () => post(webhookOf([alert])));
  t.ok((await Promise.all(webhooks)).every((response) => response.status === 200));
  await waitForMetric(DELIVERED, (value) => value === 1);
  t.equal(await metric('alertbridge_alerts_redelivered_total'), 19);
  t.equal(telegram.messages.length, 1);
});

t.test('promise 5: an end that arrives first by far takes the place of the news', { timeout: 60_000 }, async (t) => {
  const { post, telegram, clock, waitForMetric } = await runBridge(t);
  telegram.answerNext(answers.tooMany(3));
  const alert = cascade({ startsAt: clock.now() });
  await post(webhookOf([alert]));
  await telegram.waitUntil(({ requests }) => requests.length === 1);
  await post(webhookOf([resolved(alert, clock.now())]));
  await telegram.waitFor((message) => message.text.startsWith('✅ BTC LIQUIDATION CASCADE ended'));
  await waitForMetric(PENDING, (value) => value === 0);
  t.equal(telegram.messages.length, 1);
});

t.test('promise 5: firing then resolved is one message, edited into its end', { timeout: 60_000 }, async (t) => {
  const { post, telegram, clock } = await runBridge(t);
  const alert = cascade({ startsAt: clock.now() });
  await post(webhookOf([alert]));
  await telegram.waitFor((message) => message.text.includes('CASCADE'));
  await post(webhookOf([resolved(alert, clock.now())]));
  const message = await telegram.waitFor(({ texts }) => texts.length === 2);
  t.match(message.texts[0], /^🚨 BTC LIQUIDATION CASCADE\n⚡ 7 liquidations in 30 seconds/);
  t.match(message.texts[1], /^✅ BTC LIQUIDATION CASCADE ended/);
});

t.test('promise 6: old news is told late, or only in the digest', { timeout: 60_000 }, async (t) => {
  const { post, telegram, clock, metric } = await runBridge(t);
  await post(webhookOf([cascade({ startsAt: clock.now() - 42_000 })]));
  const late = await telegram.waitFor((message) => message.text.includes('BTC LIQUIDATION CASCADE'));
  t.match(late.text, /⏱ 4\d s late/);
  await post(webhookOf([cascade({ labels: { symbol: 'ETH' }, startsAt: clock.now() - 130_000 })]));
  const digest = await telegram.waitFor((message) => message.text.startsWith('🗂 DIGEST'));
  t.match(digest.text, /ETH 1/);
  t.equal(await metric('alertbridge_notifications_suppressed_total{reason="late"}'), 1);
});

t.test(
  'promise 6: what an outage made too old is not sent as news when it heals, and the outbox ends empty',
  { timeout: 120_000 },
  async (t) => {
    const { post, telegram, clock, waitForMetric, metric } = await runBridge(t, {
      environment: { MAX_ALERTS_PER_HOUR: '100' },
      clock: createFastClock(150),
    });
    telegram.answerAlways(answers.badGateway);
    const symbols = Array.from({ length: 12 }, (_, index) => `S${index}`);
    await post(webhookOf(symbols.map((symbol) => cascade({ labels: { symbol }, startsAt: clock.now() }))));
    await post(webhookOf([stackAlert({ startsAt: clock.now() })]));
    await clock.sleep(600_000);
    telegram.answerAlways();
    await waitForMetric(PENDING, (value) => value === 0);
    const digest = await telegram.waitFor((message) => message.text.startsWith('🗂 DIGEST'));
    t.notOk(
      telegram.messages.some((message) => message.text.includes('LIQUIDATION CASCADE\n')),
      'no cascade of ten minutes ago',
    );
    const failed = (await metric('alertbridge_notifications_failed_total{reason="expired"}')) ?? 0;
    const dead = (await metric('alertbridge_notifications_failed_total{reason="server_error"}')) ?? 0;
    t.equal(failed + dead >= 12, true, 'every one of them recorded');
    t.match(digest.texts.at(-1), /DIGEST: 1[23] alerts held back/);
  },
);

interface Child {
  readonly process: ChildProcess;
  readonly url: string;
}

async function startChild(t: Test, environment: Readonly<Record<string, string>>, crashAt: string): Promise<Child> {
  const urlFile = join(environment.DATA_DIR ?? '', `url-${crashAt.replaceAll(' ', '-') || 'calm'}`);
  const child = spawn(process.execPath, [join(import.meta.dirname, 'support/crashing-bridge.ts')], {
    env: { PATH: process.env.PATH, ...environment, CRASH_AT: crashAt, URL_FILE: urlFile },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  t.teardown(() => child.kill('SIGKILL'));
  for (let tries = 0; tries < 400 && !(existsSync(urlFile) && readFileSync(urlFile, 'utf8') !== ''); tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return { process: child, url: readFileSync(urlFile, 'utf8') };
}

const STEPS: readonly (readonly [step: string, messages: number, isMarked: boolean])[] = [
  ['before commit', 1, false],
  ['after commit', 1, false],
  ['before send', 1, true],
  ['after send', 2, true],
  ['before mark', 2, true],
  ['after mark', 1, false],
];
for (const [step, messages, isMarked] of STEPS) {
  t.test(
    `promise 4: killed ${step}, nothing is lost and at most one marked copy is sent`,
    { timeout: 60_000 },
    async (t) => {
      const telegram = await startTelegramSimulator();
      t.teardown(() => telegram.close());
      const environment = {
        TELEGRAM_BOT_TOKEN: '1:test-token',
        TELEGRAM_CHAT_ID: '100',
        TELEGRAM_API_URL: telegram.url,
        BRIDGE_WEBHOOK_TOKEN: WEBHOOK_TOKEN,
        BRIDGE_PORT: '0',
        PROMETHEUS_URL: 'http://127.0.0.1:1',
        DATA_DIR: t.testdir(),
      };
      const webhook = JSON.stringify(webhookOf([cascade({ startsAt: Date.now() })]));
      const post = (url: string) =>
        fetch(`${url}/webhook`, {
          method: 'POST',
          headers: { authorization: `Bearer ${WEBHOOK_TOKEN}`, 'content-type': 'application/json' },
          body: webhook,
        }).then(
          (response) => response.status,
          () => 0,
        );
      const doomed = await startChild(t, environment, step);
      const gone = once(doomed.process, 'exit');
      const answer = await post(doomed.url);
      const [, signal] = await gone;
      t.equal(signal, 'SIGKILL');
      const calm = await startChild(t, environment, '');
      // Alertmanager sends again whatever it got no 2xx for.
      if (answer !== 200) t.equal(await post(calm.url), 200);
      await telegram.waitUntil((simulator) => simulator.messages.length >= messages, 10_000);
      for (;;) {
        const health: unknown = await (await fetch(`${calm.url}/health`)).json();
        const outbox: unknown =
          typeof health === 'object' && health !== null ? Reflect.get(health, 'outbox') : undefined;
        if (typeof outbox === 'object' && outbox !== null && Reflect.get(outbox, 'delivered') === 1) break;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      t.equal(telegram.messages.length, messages);
      t.equal(telegram.messages.at(-1)?.text.includes('🔁 Sent again after a restart'), isMarked);
      const metrics = await (await fetch(`${calm.url}/metrics`)).text();
      t.match(metrics, new RegExp(`alertbridge_notifications_resent_total ${isMarked ? 1 : 0}\\n`));
      const stopped = once(calm.process, 'exit');
      calm.process.kill('SIGTERM');
      await stopped;
    },
  );
}
