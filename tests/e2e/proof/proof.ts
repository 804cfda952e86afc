// A complete roll-out against a simulator of the existing system, by the commands that people use: baseline, isolated
// deployment, integration, sign-offs, canary, production, a fault, the automatic way back, and nothing changed.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type CheckResult, ok, warning } from '../../../operations/check-result.ts';
import { EXIT } from '../../../operations/exit-codes.ts';
import { call } from '../../../operations/http-answer.ts';
import { ROLES } from '../../../operations/rollout/signoff-file.ts';
import { BOT_COMMANDS } from '../../../operations/rollout/transcripts.ts';
import { waitUntil } from '../../support/waiting.ts';
import { cascade } from '../orders.ts';
import { expectEnd, type Journal } from './journal.ts';
import { ALL_CHATS, CANARY_CHAT, personOf, type World } from './world.ts';

const FINE = [EXIT.ok, EXIT.warning];
const WAIT_MS = 90_000;
const MOST_REPEATS = 9;

export async function prove(world: World, { step }: Journal): Promise<void> {
  const check = () => world.rollout(['check', '--native']);
  const deploy = () => world.rollout(['deploy', '--native']);

  const baseline = 'Baseline';
  await step(baseline, 'the existing system is recorded', async () =>
    expectEnd(await validate('capture_baseline.sh', '--samples', '20', '--pause-ms', '0'), FINE, /kept in/),
  );
  await step(baseline, 'a way back is kept', async () =>
    expectEnd(await operate('rollback.sh', '--native', '--create', 'before-us'), FINE),
  );
  await step(baseline, 'nothing is deployed without its check', async () =>
    expectEnd(await deploy(), [EXIT.refused], /check: pre-deployment +not made for this commit/),
  );
  await step(baseline, 'check: pre-deployment', async () => expectEnd(await check(), FINE, /pre-deployment passed/));

  const isolated = 'Isolated deployment';
  const askedBefore = world.existing.requests.length;
  await step(isolated, 'deploy: isolated', async () => expectEnd(await deploy(), FINE, /✓ started and answering/));
  await step(isolated, 'check: isolated deployment', async () => {
    await feedsConnected();
    return passes(/isolated deployment passed/);
  });
  await step(isolated, 'the existing system was asked nothing', async () => {
    const asked = world.existing.requests.slice(askedBefore).map(({ path }) => path);
    if (asked.length > 0) throw new Error(`asked ${asked.join(', ')}`);
    return 'not one request since before the deployment';
  });

  const integration = 'Integration';
  await step(integration, 'deploy: integration', async () =>
    expectEnd(await deploy(), FINE, /✓ started and answering/),
  );
  await step(integration, 'check: integration', async () => {
    await feedsConnected();
    await addTranscripts(world);
    return passes(/integration passed/);
  });

  const signing = 'Sign-offs';
  await step(signing, 'the canary waits for those who must agree', async () =>
    expectEnd(await deploy(), [EXIT.refused], /sign-off technical/, /sign-off security/, /sign-off risk/),
  );
  await step(signing, 'a stranger’s word is refused', async () =>
    expectEnd(
      await approve('security', 'A Stranger <stranger@example.org>'),
      [EXIT.refused],
      /may not sign for security/,
    ),
  );
  for (const role of ROLES.filter((name) => name !== 'user representative')) {
    await step(signing, role, async () => expectEnd(await approve(role, personOf(role)), [EXIT.ok], /approved by/));
  }
  await step(signing, 'nobody was told anything so far', async () => {
    if (world.telegram.messages.length > 0) throw new Error(`${world.telegram.messages.length} messages`);
    return 'no message to any chat';
  });

  const canary = 'Canary';
  await step(canary, 'deploy: canary', async () => expectEnd(await deploy(), FINE, /✓ started and answering/));
  await step(canary, 'a cascade is told to one chat', async () => {
    await feedsConnected();
    cascade(world.venues, { symbol: 'BTC', longs: 5, shorts: 2, usd: 600_000 });
    await told([CANARY_CHAT], 'BTC');
    const elsewhere = world.telegram.messages.filter(({ chatId }) => String(chatId) !== CANARY_CHAT);
    if (elsewhere.length > 0) throw new Error(`told to ${elsewhere.map(({ chatId }) => chatId).join(', ')}`);
    return `told to chat ${CANARY_CHAT}, to no other`;
  });
  await step(canary, 'check: production, with the verdict of the observing stage', () =>
    passes(/observed|memory stays|false alert|alerts are right|rehearsed|production passed/),
  );
  await step(canary, 'production waits for the user representative', async () =>
    expectEnd(await deploy(), [EXIT.refused], /sign-off user representative/),
  );

  const production = 'Production';
  const representative = 'user representative';
  await step(production, 'the user representative agrees', async () =>
    expectEnd(await approve(representative, personOf(representative)), [EXIT.ok], /approved by/),
  );
  await step(production, 'deploy: production', async () => expectEnd(await deploy(), FINE, /✓ started and answering/));
  await step(production, 'the roll-out is complete', async () =>
    expectEnd(await world.rollout(['status']), [EXIT.ok], /all done/),
  );
  await step(production, 'a cascade is told to all chats', async () => {
    await feedsConnected();
    cascade(world.venues, { symbol: 'ETH', longs: 6, usd: 400_000 });
    await told(ALL_CHATS, 'ETH');
    return `told to chats ${ALL_CHATS.join(' and ')}`;
  });

  const fault = 'Fault and automatic roll-back';
  await step(fault, 'the existing service fails, and the stack is rolled back', async () => {
    world.existing.setAnswer('/health', () => ({ status: 500, body: { status: 'unhealthy' } }));
    const args = ['--native', '--watch', '--until-rolled-back', '--patience-seconds', '1'];
    const ran = await world.run('scripts/deployment/rollback.sh', args, undefined, { AUTO_ROLLBACK: 'endpoint' });
    expectEnd(ran, [EXIT.critical]);
    return readReport(world);
  });
  await step(fault, 'people are told that alerting is off', async () => {
    const words = world.telegram.messages
      .map(({ text }) => text)
      .filter((text) => /alone again|alerting is off/i.test(text));
    if (words.length === 0) throw new Error('no such message');
    return words.at(-1) ?? '';
  });
  await step(fault, 'nothing of it runs any more', async () =>
    expectEnd(await operate('health_check.sh', '--native'), [EXIT.notRunning], /nothing runs/),
  );

  const after = 'Regression';
  world.existing.setAnswer('/health', undefined);
  await step(after, 'answers and latency are as recorded', () => regression());
  await step(after, 'only the documented read-only requests were made', async () => {
    const asked = new Set(world.existing.requests.map(({ method, path }) => `${method} ${path}`));
    const documented =
      /^(GET \/health|POST \/(multi_oi|combined_price|price|volume_spike|cvd|comprehensive_analysis|market_profile))$/;
    const other = [...asked].filter((request) => !documented.test(request));
    if (other.length > 0) throw new Error(other.join(', '));
    return `${world.existing.requests.length} requests: ${[...asked].toSorted().join(', ')}`;
  });

  function validate(script: string, ...args: readonly string[]) {
    return world.run(`scripts/validation/${script}`, args);
  }
  /** What a busy machine lets fail, and an observing stage that is not over, passes when it is checked again. */
  async function passes(words: RegExp): Promise<string> {
    let last = await check();
    for (let again = 0; again < MOST_REPEATS && !FINE.some((code) => code === last.code); again += 1) {
      await delay(1_000);
      last = await check();
    }
    return expectEnd(last, FINE, words);
  }
  function operate(script: string, ...args: readonly string[]) {
    return world.run(`scripts/deployment/${script}`, args);
  }
  function approve(role: string, person: string) {
    const evidence = 'read the reports of this roll-out';
    return world.rollout(['approve', '--role', role, '--items', 'all', '--evidence', evidence], person);
  }
  async function feedsConnected(): Promise<void> {
    await waitUntil('all feeds are connected', isWell, WAIT_MS);
  }
  async function isWell(): Promise<boolean> {
    return (await call({ url: `${world.url('exporter')}/ready` })).status === 200;
  }
  async function told(chats: readonly string[], symbol: string): Promise<void> {
    const isTold = (chat: string) =>
      world.telegram.messages.some(
        ({ chatId, text }) => String(chatId) === chat && text.includes(`${symbol} LIQUIDATION`),
      );
    await waitUntil(`${symbol} is told to ${chats.join(', ')}`, async () => chats.every(isTold), WAIT_MS);
  }
  /** A busy machine can look like a slow service: measured again then, and told as such when it stays so. */
  async function regression(): Promise<CheckResult> {
    const name = 'regression';
    let text = '';
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      const ran = await validate('regression_check.sh', '--samples', '20', '--pause-ms', '0');
      text = ran.stdout;
      if (FINE.some((code) => code === ran.code)) return ok(name, `clean at attempt ${attempt}\n${shorten(text)}`);
      if (/✗ \S+ answers/.test(text) || ran.code !== EXIT.different) throw new Error(`${text}${ran.stderr}`);
    }
    return warning(name, shorten(text), 'answers are the same; measure the latency again on a quiet machine');
  }
}

async function addTranscripts({ checkout, git }: World): Promise<void> {
  const [folder = ''] = readdirSync(join(checkout, 'rollout', 'records')).filter((name) => !name.startsWith('.'));
  const path = join('rollout', 'records', folder, 'transcripts.md');
  writeFileSync(
    join(checkout, path),
    BOT_COMMANDS.map((command) => `## ${command}\n\nBTC: as the bot answered\n`).join('\n'),
  );
  await git('add', path);
  await git('commit', '-q', '-m', 'chore(rollout): the existing bot was asked');
}

/** A line for each endpoint's latency; that its answers are the same is what `clean` says. */
function shorten(text: string): string {
  const latencies = text.split('\n').filter((line) => / latency /.test(line));
  return latencies.map((line) => line.replace(/ \(95 %.*/, '').replace(/ {2,}/g, ' ')).join('\n');
}

function readReport({ dataDir }: World): string {
  const reports = readdirSync(join(dataDir, 'reports')).filter((name) => name.startsWith('rollback-'));
  if (reports.length === 0) throw new Error('there is no report of the roll-back');
  const text = readFileSync(join(dataDir, 'reports', reports.at(-1) ?? ''), 'utf8');
  return text
    .replace(/^#+ /gm, '')
    .replace(/\n{2,}/g, '\n')
    .trim();
}
