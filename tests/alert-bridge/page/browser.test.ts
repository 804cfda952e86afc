// The pages in a real browser, at the width of a phone and of a desk. Pictures land in .tap/screenshots for people to look at.
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import t, { type Test } from 'tap';
import { startAlertmanagerSimulator } from '../../../simulators/alertmanager/alertmanager-simulator.ts';
import { cascade, largeLiquidation, resolved, stackAlert, webhookOf } from '../support/alerts.ts';
import { runBridge, WEBHOOK_TOKEN } from '../support/running-bridge.ts';

t.setTimeout(120_000);

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const isMissing = !existsSync(CHROMIUM);
if (isMissing && process.env.CI)
  throw new Error(`no browser at ${CHROMIUM}: apt-get install chromium, or set CHROMIUM`);
const skip = isMissing && `no browser at ${CHROMIUM} (apt-get install chromium)`;
const SCREENSHOTS = join(import.meta.dirname, '../../../.tap/screenshots');
const WIDTHS = [375, 1280] as const;

async function openBrowser(t: Test): Promise<Browser> {
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: [
      ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
      ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
    ],
  });
  t.teardown(() => browser.close());
  return browser;
}

async function openPages(t: Test, environment: Readonly<Record<string, string>> = {}) {
  const alertmanager = await startAlertmanagerSimulator();
  t.teardown(() => alertmanager.close());
  const running = await runBridge(t, {
    environment: { ALERTMANAGER_URL: alertmanager.url, TELEGRAM_CHAT_ID: '100,-1001234567890/7', ...environment },
  });
  const startsAt = running.clock.now();
  const growing = cascade({ startsAt });
  await running.post(
    webhookOf([growing, largeLiquidation({ labels: { symbol: 'ETH' }, startsAt }), stackAlert({ startsAt })]),
  );
  await running.post(
    webhookOf([
      stackAlert({
        labels: { alertname: 'Hostile', instance: '<script>alert(1)</script>' },
        annotations: { summary: '<img src=x onerror=alert(1)> & "quotes" '.repeat(8), description: 'x'.repeat(300) },
        startsAt,
      }),
    ]),
  );
  await running.telegram.waitUntil(({ messages }) => messages.length >= 8, 15_000);
  await running.post(webhookOf([resolved(growing, startsAt + 60_000)]));
  alertmanager.silence({
    matchers: [{ name: 'alertname', value: 'FeedMute' }],
    endsAt: '2030-01-01T00:00:00Z',
    createdBy: 'amtool',
    comment: 'moving house',
  });
  return { ...running, alertmanager };
}

/** Opens a path at a width; complains of anything that the policy blocked or that failed. */
async function visit(t: Test, browser: Browser, url: string, width: number): Promise<Page> {
  const context = await browser.newContext({ viewport: { width, height: 900 } });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => void (message.type() === 'error' && complaints.push(message.text())));
  page.on('pageerror', (error) => void complaints.push(error.message));
  page.on('dialog', (dialog) => void complaints.push(dialog.message()));
  const foreign: string[] = [];
  page.on('request', (request) => void (request.url().startsWith(new URL(url).origin) || foreign.push(request.url())));
  await page.goto(url);
  t.same(
    complaints.filter((text) => !text.includes('favicon')),
    [],
    'nothing is blocked, nothing fails',
  );
  t.same(foreign, [], 'nothing is fetched from elsewhere');
  const overflow = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
  t.equal(overflow, 0, `nothing sticks out at ${width} pixels`);
  mkdirSync(SCREENSHOTS, { recursive: true });
  const name = new URL(url).pathname.replaceAll('/', '') || 'alerts';
  await page.screenshot({ path: join(SCREENSHOTS, `${name}-${width}.png`), fullPage: true });
  return page;
}

t.test('alerts are shown exactly as sent, with their state in each chat', { skip }, async (t) => {
  const { bridge, telegram } = await openPages(t);
  const browser = await openBrowser(t);
  for (const width of WIDTHS) {
    const page = await visit(t, browser, `${bridge.url}/`, width);
    const shown = await page.locator('article pre').allInnerTexts();
    const sent = telegram.messages.find(({ chatId, text }) => chatId === '100' && text.includes('Hostile'))?.text;
    t.ok(
      shown.some((text) => text === sent),
      'word by word, markup as text',
    );
    t.match(await page.locator('body').innerText(), /alertname=FeedMute[\s\S]*moving house/);
    t.match(await page.locator('.meta').allInnerTexts(), [/./]);
    await page.close();
  }
});

t.test('a silence and a subscription are made with the forms, and undone', { skip }, async (t) => {
  const { bridge, alertmanager } = await openPages(t);
  const browser = await openBrowser(t);
  for (const width of WIDTHS) {
    const page = await visit(t, browser, `${bridge.url}/settings`, width);
    await page.getByLabel('Symbol', { exact: true }).fill('BTC');
    await page.getByLabel('Why').fill(`from ${width}`);
    await page.getByRole('button', { name: '🔕 Silence' }).click();
    await page.getByText(`from ${width}`).waitFor();
    t.match(alertmanager.silences.at(-1), { createdBy: 'page', matchers: [{ value: 'BTC' }] });
    await page
      .locator('.card', { hasText: `from ${width}` })
      .getByRole('button', { name: 'Undo' })
      .click();
    await page.getByText(`from ${width}`).waitFor({ state: 'detached' });

    await page.getByLabel('Chat id, or id/thread').fill('4242');
    await page.getByRole('button', { name: 'Subscribe' }).click();
    const card = page.locator('.card', { hasText: '💬 4242' });
    await card.getByLabel('Quiet hours').fill('at night');
    await card.getByRole('button', { name: 'Save' }).click();
    await page.getByText('quiet: must be two different times').waitFor();
    await card.getByLabel('Quiet hours').fill('22:00-07:00 Europe/Berlin');
    await card.getByRole('button', { name: 'Save' }).click();
    t.equal(await card.getByLabel('Quiet hours').inputValue(), '22:00-07:00 Europe/Berlin');
    await card.getByRole('button', { name: 'Remove' }).click();
    await card.waitFor({ state: 'detached' });
    await page.close();
  }
});

t.test('beyond loopback the browser asks for the credential and then shows the page', { skip }, async (t) => {
  const { bridge } = await openPages(t, { BRIDGE_HOST: '0.0.0.0' });
  const browser = await openBrowser(t);
  const url = bridge.url.replace('0.0.0.0', '127.0.0.1');
  const context = await browser.newContext({ httpCredentials: { username: 'me', password: WEBHOOK_TOKEN } });
  const page = await context.newPage();
  await page.goto(url);
  t.match(await page.title(), 'Derivatives alerts');
  const stranger = await (await browser.newContext()).request.get(`${url}/dashboard.json`);
  t.equal(stranger.status(), 401);
});
