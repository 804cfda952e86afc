// The silence desk against Alertmanager itself, where there is one on this machine.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import t from 'tap';
import { createAlertmanager } from '../../../alert-bridge/engines/alertmanager.ts';
import { symbolScope } from '../../../alert-bridge/model/silence-scope.ts';
import { openConnection } from '../../../alert-bridge/outbox/databases/sqlite/connection.ts';
import { createSqliteStore } from '../../../alert-bridge/outbox/databases/sqlite/store.ts';
import { createSilenceService } from '../../../alert-bridge/silences/silence-service.ts';
import { createSilences } from '../../../alert-bridge/silences/sql-silences.ts';
import { createSystemClock } from '../../../common/clock.ts';
import { MARKET, rules } from '../outbox/databases/store-contract.ts';

t.setTimeout(60_000);

const FOLDERS = [
  ...(process.env.PATH ?? '').split(delimiter),
  join(import.meta.dirname, '../../../.cache/engines/bin'),
];
const BINARY = FOLDERS.flatMap((folder) =>
  ['alertmanager', 'prometheus-alertmanager'].map((name) => join(folder, name)),
).find((path) => existsSync(path));

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address ? address.port : 0;
}

t.test(
  'silences are Alertmanager’s own: made, seen, hiding, lifted',
  { skip: !BINARY && 'no Alertmanager on PATH or in .cache' },
  async (t) => {
    const folder = t.testdir({ 'am.yml': 'route: {receiver: none}\nreceivers: [{name: none}]\n' });
    writeFileSync(join(folder, 'am.yml'), 'route: {receiver: none}\nreceivers: [{name: none}]\n');
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const engine = spawn(
      BINARY ?? '',
      [
        `--config.file=${join(folder, 'am.yml')}`,
        `--storage.path=${join(folder, 'data')}`,
        `--web.listen-address=127.0.0.1:${port}`,
        '--cluster.listen-address=',
      ],
      { stdio: 'ignore' },
    );
    t.teardown(async () => {
      engine.kill('SIGTERM');
      await once(engine, 'exit');
    });
    const isUp = () =>
      fetch(`${url}/-/ready`).then(
        (response) => response.ok,
        () => false,
      );
    while (!(await isUp())) await new Promise((resolve) => setTimeout(resolve, 50));

    const db = openConnection(join(folder, 'outbox.sqlite'));
    const clock = createSystemClock();
    const store = await createSqliteStore(db, { rules: rules(), chats: [MARKET], now: clock.now() });
    t.teardown(() => store.close());
    const alertmanager = createAlertmanager(url);
    const notices: string[] = [];
    const desk = createSilenceService({
      alertmanager,
      store: createSilences(db),
      clock,
      noticeChats: ['100'],
      onNotice: () => void notices.push('owed'),
    });
    const fire = (symbol: string) =>
      fetch(`${url}/api/v2/alerts`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify([{ labels: { alertname: 'LiquidationCascade', symbol } }]),
      });

    const made = await desk.silence({
      scope: symbolScope('BTC'),
      durationMs: 3_600_000,
      by: 'me',
      comment: 'why',
      chat: '100',
    });
    t.match(await desk.list(), [
      { shortId: made.id, matchers: 'symbol=BTC', createdBy: 'me', comment: 'why', state: 'active' },
    ]);
    t.match(await desk.covering({ alertname: 'x', symbol: 'BTC' }), { id: made.id });
    t.equal(await desk.covering({ alertname: 'x', symbol: 'ETH' }), undefined);
    await fire('BTC');
    await fire('ETH');
    while ((await alertmanager.silenced()).length === 0) await new Promise((resolve) => setTimeout(resolve, 50));
    await desk.watch();
    t.match(await alertmanager.active(), [{ labels: { symbol: 'ETH' } }]);
    t.same(await desk.undo(String(made.id)), { title: 'BTC', hidden: 1 });
    t.same(await desk.list(), []);
    t.same(notices, [], 'who lifts it is answered, not told');
    await t.rejects(desk.undo(String(made.id)), { code: 'SILENCE_UNKNOWN' });
    await t.rejects(
      desk.silence({ scope: symbolScope('BTC'), durationMs: 86_400_001, by: 'me', comment: '', chat: undefined }),
      { code: 'SILENCE_TOO_LONG' },
    );

    const brief = await desk.silence({
      scope: symbolScope('ETH'),
      durationMs: 300,
      by: 'me',
      comment: '',
      chat: undefined,
    });
    while (clock.wallNow() < brief.endsAt) await new Promise((resolve) => setTimeout(resolve, 50));
    await desk.watch();
    t.same(notices, ['owed']);
    t.match(await store.claim(['100'], clock.now(), 3), {
      subject: { type: 'notice', text: /^🔔 Silence over: ETH\n/ },
    });
  },
);
