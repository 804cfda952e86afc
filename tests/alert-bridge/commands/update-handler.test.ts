// The whole conversation, as somebody with a phone has it: against a Bot API and an Alertmanager on real sockets.
import t, { type Test } from 'tap';
import { createSystemClock } from '../../../common/clock.ts';
import {
  type AlertmanagerSimulator,
  startAlertmanagerSimulator,
} from '../../../simulators/alertmanager/alertmanager-simulator.ts';
import { answers } from '../../../simulators/telegram/answers.ts';
import { cascade, largeLiquidation, resolved, webhookOf } from '../support/alerts.ts';
import { createFastClock } from '../support/clocks.ts';
import { type BridgeOptions, type RunningBridge, runBridge } from '../support/running-bridge.ts';

t.setTimeout(60_000);

const OWNER = 100;
const STRANGER = 666;
const MEMBER = 7;
const GROUP = -500;

interface Phone extends RunningBridge {
  readonly alertmanager: AlertmanagerSimulator;
  /** Says something in a chat and waits for what the bot says to it. */
  ask(text: string, chat?: number, person?: number): Promise<string>;
  /** Presses the button with this label under a message; resolves with what pops up. */
  press(messageId: number, label: RegExp, person?: number): Promise<string | undefined>;
  labels(messageId: number): readonly string[];
}

async function pickUp(t: Test, wishes: BridgeOptions = {}): Promise<Phone> {
  const alertmanager = await startAlertmanagerSimulator();
  t.teardown(() => alertmanager.close());
  const running = await runBridge(t, {
    clock: createSystemClock(),
    ...wishes,
    environment: {
      TELEGRAM_COMMANDS: 'polling',
      TELEGRAM_CHAT_ID: `${OWNER},${GROUP}`,
      TELEGRAM_STACK_CHAT_ID: String(OWNER),
      ALERTMANAGER_URL: alertmanager.url,
      ...wishes.environment,
    },
  });
  const { telegram } = running;
  const buttons = (messageId: number) =>
    readButtons(telegram.messages.find((m) => m.messageId === messageId)?.keyboard);
  return {
    ...running,
    alertmanager,
    async ask(text, chat = OWNER, person = chat) {
      const before = telegram.messages.filter((message) => message.chatId === String(chat)).length;
      telegram.say(chat, text, person);
      const answers = () => telegram.messages.filter((message) => message.chatId === String(chat));
      await telegram.waitUntil(() => answers().length > before);
      return answers().at(-1)?.text ?? '';
    },
    async press(messageId, label, person = OWNER) {
      const button = buttons(messageId).find((one) => label.test(one.label));
      if (!button) throw new Error(`no button ${label}: ${JSON.stringify(buttons(messageId))}`);
      const before = telegram.callbackAnswers.length;
      telegram.pressButton(messageId, button.data, person);
      await telegram.waitUntil(() => telegram.callbackAnswers.length > before);
      return telegram.callbackAnswers.at(-1)?.text;
    },
    labels: (messageId) => buttons(messageId).map((button) => button.label),
  };
}

interface ShownButton {
  readonly label: string;
  readonly data: string;
}

function readButtons(keyboard: unknown): readonly ShownButton[] {
  const rows = typeof keyboard === 'object' && keyboard !== null ? Reflect.get(keyboard, 'inline_keyboard') : [];
  return (Array.isArray(rows) ? rows : []).flat().map((button: unknown) => ({
    label: String(Reflect.get(Object(button), 'text')),
    data: String(Reflect.get(Object(button), 'callback_data') ?? ''),
  }));
}

t.test('subscribe, receive, silence from the button, undo, vote, history', async (t) => {
  const { ask, press, labels, post, telegram, alertmanager, metric, clock } = await pickUp(t);
  t.match(await ask('/start'), /symbols: all/);
  t.match(await ask('/subscribe btc high'), /symbols: BTC\ntypes: all\npriority: high and above/);
  t.match(await ask('/quiet 22:00-07:00 Europe/Berlin'), /quiet: 22:00-07:00 Europe\/Berlin/);
  t.match(await ask('/quiet off'), /quiet: never/);

  const alert = cascade({ startsAt: clock.now() });
  await post(webhookOf([alert, cascade({ labels: { symbol: 'ETH' }, startsAt: clock.now() })]));
  const message = await telegram.waitFor(({ chatId, text }) => chatId === '100' && text.includes('BTC LIQUIDATION'));
  t.equal(await metric('alertbridge_notifications_suppressed_total{reason="not_subscribed"}'), 1);
  t.same(labels(message.messageId), [
    '🔕 BTC 15 m',
    '1 h',
    '4 h',
    '🔕 this alert 15 m',
    '1 h',
    '4 h',
    '👀 Seen',
    '👍',
    '👎',
  ]);
  for (const row of readButtons(message.keyboard)) t.ok(Buffer.byteLength(row.data) <= 64);

  t.match(await press(message.messageId, /^🔕 BTC/), /BTC is silent until/);
  t.match(alertmanager.silences.at(-1), {
    matchers: [{ name: 'symbol', value: 'BTC' }],
    createdBy: 'Tester (Telegram 100)',
  });
  await telegram.waitUntil(() => labels(message.messageId)[0] === '↩️ Undo silence of BTC');
  t.match(await ask('/silences'), /symbol=BTC until .* UTC, by Tester/);
  t.match(await press(message.messageId, /Undo/), /BTC is heard again/);
  t.equal(alertmanager.silences.at(-1)?.status.state, 'expired');
  t.equal(await ask('/silences'), 'Nothing is silent now.');

  t.match(await press(message.messageId, /👍/), /Thank you/);
  t.match(await press(message.messageId, /👎/), /noted/);
  t.equal(await metric('alertbridge_feedback_total{verdict="useful"}'), 1);
  t.equal(await metric('alertbridge_feedback_total{verdict="useless"}'), 1, 'a changed vote counts as another');
  t.equal(await metric('alertbridge_acknowledgements_total'), 1, 'whoever silenced has seen it');
  t.match(await ask('/history btc'), /BTC LiquidationCascade 👍0 👎1[\s\S]*❌ useful: 0% of 1 vote \(target 80%\)/);
  await post(webhookOf([resolved(alert, clock.now())]));
  await telegram.waitUntil(() => !labels(message.messageId).some((label) => label.startsWith('🔕')));
  t.same(labels(message.messageId), ['👍', '👎'], 'an alert that is over and seen can only be judged');
});

t.test('silences by word: the scope, the reason, the undo, the faults', async (t) => {
  const { ask, alertmanager } = await pickUp(t);
  t.match(await ask('/silence BTC 1h exchange maintenance'), /🔕 BTC is silent until .* UTC.\nUndo: \/unsilence 1/);
  t.match(alertmanager.silences[0], { comment: 'exchange maintenance' });
  t.match(await ask('/silence LiquidationCascade eth 30m'), /LiquidationCascade ETH is silent/);
  t.match(await ask('/silence BTC 2h longer'), /BTC is silent/);
  const active = alertmanager.silences.filter((silence) => silence.status.state === 'active');
  t.same(
    active.map((silence) => silence.comment),
    ['from Telegram', 'longer'],
    'a new wish replaces the old one',
  );
  t.match(await ask('/silence BTC 25h'), /24 hours at most/);
  for (const text of ['/silence', '/silence BTC', '/silence 1h', '/silence BTC ETH 1h', '/silence BTC soon']) {
    t.match(await ask(text), /Not understood. Write \/silence BTC 1h/, text);
  }
  t.match(await ask('/unsilence'), /Say which one/);
  t.match(await ask('/unsilence BTC'), /BTC is heard again/);
  t.match(await ask('/unsilence 2'), /LiquidationCascade ETH is heard again/);
  t.match(await ask('/unsilence 2'), /there is no silence 2 any more/);
  alertmanager.failWith(500);
  t.match(await ask('/silence BTC 1h'), /❌ Alertmanager did not do it/);
  t.match(await ask('/alerts'), /❌ \/alerts did not work/);
});

t.test('a silence tells at its end what it hid, to the chat that made it', async (t) => {
  const { press, post, telegram, alertmanager, clock } = await pickUp(t, { clock: createFastClock(25) });
  await post(webhookOf([cascade({ startsAt: clock.now() })]));
  const message = await telegram.waitFor(({ chatId }) => chatId === '100');
  await press(message.messageId, /^🔕 BTC/);
  // A silence of somebody else hides another alert meanwhile.
  const matchers = [{ name: 'symbol', value: 'ETH' }];
  alertmanager.silence({ matchers, endsAt: '2030-01-01T00:00:00Z', createdBy: 'amtool', comment: 'not ours' });
  alertmanager.fire(
    { fingerprint: 'a', labels: { alertname: 'LiquidationCascade', symbol: 'BTC' } },
    { fingerprint: 'b', labels: { alertname: 'LargeLiquidation', symbol: 'ETH' } },
  );
  const looks = () => alertmanager.requests.filter((request) => request === 'GET /api/v2/silences').length;
  const before = looks();
  while (looks() < before + 2) await new Promise((resolve) => setTimeout(resolve, 20));
  alertmanager.expire(alertmanager.silences[0]?.id ?? '');
  const notice = await telegram.waitFor(({ text }) => text.startsWith('🔔 Silence lifted: BTC'), 15_000);
  t.match(notice.text, /1 alert hidden:\n1 × BTC LiquidationCascade/);
  t.equal(notice.chatId, '100');
});

t.test('strangers are refused politely, once a minute, and counted; a group gives nobody rights', async (t) => {
  const { ask, press, telegram, metric, post, alertmanager, clock } = await pickUp(t);
  t.match(await ask('/silence BTC 1h', STRANGER), /only talks to people it was told about. Your id is 666/);
  telegram.say(STRANGER, 'hello?');
  t.match(await ask('/silence BTC 1h', GROUP, MEMBER), /allow-list. Your id is 7/);
  t.match(await ask('/alerts', GROUP, MEMBER), /Nothing fires now/, 'members may read');
  telegram.say(GROUP, '/subscribe BTC', MEMBER);
  telegram.say(GROUP, 'just talking', MEMBER);
  telegram.say(GROUP, '/silence@another_bot BTC 1h', MEMBER);
  await post(webhookOf([cascade({ startsAt: clock.now() })]));
  const message = await telegram.waitFor(({ chatId, text }) => chatId === String(GROUP) && text.includes('CASCADE'));
  t.match(await press(message.messageId, /^🔕 BTC/, MEMBER), /allow-list/);
  t.match(await press(message.messageId, /Seen/, MEMBER), /Noted/);
  t.match(await press(message.messageId, /👍/, OWNER), /Thank you/);
  t.equal(alertmanager.silences.length, 0);
  t.equal(await metric('alertbridge_commands_refused_total{reason="stranger"}'), 2);
  t.equal(await metric('alertbridge_commands_refused_total{reason="not_admin"}'), 3);
  t.equal(telegram.messages.filter(({ chatId }) => chatId === String(STRANGER)).length, 1);
});

t.test('what is not understood gets help, an old command is not followed, an unknown button is answered', async (t) => {
  const { ask, telegram, post, clock } = await pickUp(t);
  t.match(await ask('what now?'), /I only understand commands[\s\S]*\/silence BTC 1h \[reason\]/);
  t.match(await ask('/frobnicate'), /I do not know \/frobnicate/);
  t.match(await ask('/subscribe $$$'), /Not understood: "\$\$\$" is no symbol/);
  t.match(await ask('/quiet tonight'), /Not understood/);
  t.match(await ask('/quiet'), /Quiet hours: none/);
  t.match(await ask('/help'), /\/unsilence 3 \| BTC/);
  t.match(await ask('/unsubscribe'), /paused: nothing is sent/);
  t.match(await ask('/subscribe'), /symbols: all/);
  await post(webhookOf([largeLiquidation({ startsAt: clock.now() })]));
  const message = await telegram.waitFor(({ text }) => text.includes('LARGE LIQUIDATION'));
  for (const data of ['', 'x:1', 's:1:7:s', 's:1:15:z', 'u:1:', 'v:1:2', 'k:99999', 'u:1:55']) {
    const before = telegram.callbackAnswers.length;
    telegram.pressButton(message.messageId, data, OWNER);
    await telegram.waitUntil(() => telegram.callbackAnswers.length > before);
    t.match(telegram.callbackAnswers.at(-1)?.text, /another version|no longer kept|over already/, data);
  }
});

t.test('status names feeds, queue and the last alert, for admins alone', async (t) => {
  const { ask } = await pickUp(t);
  t.match(
    await ask('/status'),
    /no heartbeat yet\nfeeds: Prometheus does not answer\nqueue: 0 waiting, 0 failed\nlast alert: none/,
  );
  t.match(await ask('/status', GROUP, MEMBER), /allow-list/);
});

t.test('with commands off nothing is polled and no button comes back', async (t) => {
  const { post, telegram, clock } = await pickUp(t, { environment: { TELEGRAM_COMMANDS: 'off' } });
  await post(webhookOf([cascade({ startsAt: clock.now() })]));
  const message = await telegram.waitFor(({ chatId }) => chatId === '100');
  t.equal(message.keyboard, undefined);
  t.notOk(telegram.requests.some(({ method }) => method === 'getUpdates'));
});

t.test('links are buttons only where an address is public', async (t) => {
  const { post, telegram, clock } = await pickUp(t, {
    environment: { TELEGRAM_COMMANDS: 'off', PUBLIC_GRAFANA_URL: 'https://grafana.example.org' },
  });
  await post(webhookOf([cascade({ startsAt: clock.now() })]));
  const message = await telegram.waitFor(({ chatId }) => chatId === '100');
  t.match(message.keyboard, { inline_keyboard: [[{ text: 'Dashboard', url: 'https://grafana.example.org' }]] });
});

t.test('an admin who is no subscriber yet can become one, and is then told', async (t) => {
  const { ask, post, telegram, clock } = await pickUp(t, { environment: { TELEGRAM_ADMIN_IDS: '100,900' } });
  t.match(await ask('/start', 900), /nothing yet/);
  t.match(await ask('/subscribe BTC', 900), /symbols: BTC/);
  await post(webhookOf([cascade({ startsAt: clock.now() })]));
  await telegram.waitFor(({ chatId, text }) => chatId === '900' && text.includes('CASCADE'));
});

t.test('another program with the token ends commands, not alerts, and is told of', async (t) => {
  const { post, telegram, metric, waitForMetric, clock, labels } = await pickUp(t);
  await telegram.waitUntil(({ requests }) => requests.some(({ method }) => method === 'getUpdates'));
  t.equal(await metric('alertbridge_commands_conflict'), 0);
  telegram.answerPolls(answers.conflict);
  telegram.say(OWNER, '/help');
  await waitForMetric('alertbridge_commands_conflict', (value) => value === 1);
  const notice = await telegram.waitFor(({ text }) => text.startsWith('⚠️ Commands and buttons are off'));
  t.match(notice.text, /token of its own/);
  await post(webhookOf([cascade({ startsAt: clock.now() })]));
  const message = await telegram.waitFor(({ text }) => text.includes('CASCADE'));
  t.same(labels(message.messageId), [], 'nobody would hear a button');
  const polls = () => telegram.requests.filter(({ method }) => method === 'getUpdates').length;
  const before = polls();
  await telegram.waitFor(({ chatId, text }) => chatId === String(OWNER) && text.includes('CASCADE'));
  t.equal(polls(), before);
});

t.test('high priority that nobody has seen for five minutes is told once more, once, with a button', async (t) => {
  const { press, post, telegram, metric, waitForMetric, clock } = await pickUp(t, { clock: createFastClock(250) });
  await post(webhookOf([cascade({ startsAt: clock.now() })]));
  await post(webhookOf([cascade({ labels: { symbol: 'ETH' }, startsAt: clock.now() })]));
  const eth = await telegram.waitFor(({ chatId, text }) => chatId === '100' && text.includes('ETH LIQUIDATION'));
  await press(eth.messageId, /Seen/);
  const reminder = await telegram.waitFor(({ text }) => text.startsWith('⏰ NOT SEEN'), 15_000);
  t.match(reminder.text, /^⏰ NOT SEEN for 5 minutes\nBTC LiquidationCascade\nstill firing/);
  t.notOk(reminder.isSilent);
  t.match(await press(reminder.messageId, /Seen/), /Noted/);
  await waitForMetric('alertbridge_acknowledgements_total', (value) => value === 2);
  t.equal(await metric('alertbridge_escalations_total'), 1);
});

t.test('the bot stops within a moment in the middle of a long poll', async (t) => {
  const { bridge, telegram } = await pickUp(t);
  await telegram.waitUntil(({ requests }) => requests.some(({ method }) => method === 'getUpdates'));
  await t.resolves(bridge.stop());
});
