// Each part asked by its own words how it is. One request or two, none of which changes anything.
import { createSilenceClient } from '../../common/alertmanager-silences.ts';
import { field, listOf } from '../../common/json-shape.ts';
import { type CheckResult, critical, ok, warning } from '../check-result.ts';
import { call, type HttpAnswer } from '../http-answer.ts';

export async function lookAtExporter(url: string): Promise<CheckResult> {
  const answer = await call({ url: `${url}/health` });
  if (answer.status !== 200) return silent('exporter', answer);
  const feeds = listOf(field(answer.json, 'feeds'));
  const off = feeds.filter((feed) => field(feed, 'connected') !== true);
  const names = off.map((feed) => `${field(feed, 'exchange')} ${field(feed, 'feed')}`).join(', ');
  const seen = `${feeds.length - off.length} of ${feeds.length} feeds connected${off.length === 0 ? '' : `; not ${names}`}`;
  if (off.length === 0 && feeds.length > 0) return ok('exporter', seen);
  const mend = 'look at the feeds in /health: a venue that is unreachable is named there with its reason';
  return off.length === feeds.length ? critical('exporter', seen, mend) : warning('exporter', seen, mend);
}

export async function lookAtBridge(url: string): Promise<CheckResult> {
  const answer = await call({ url: `${url}/health` });
  if (answer.status !== 200) return silent('alert-bridge', answer);
  const { json } = answer;
  const waiting = Number(field(json, 'outbox', 'pending') ?? 0);
  const paused = Number(field(json, 'chats', 'paused') ?? 0);
  const seen = `sends to ${String(field(json, 'destination'))}, ${waiting} waiting, ${paused} chats paused`;
  if (field(json, 'heartbeat', 'isSilent') === true) {
    return critical(
      'alert-bridge',
      `${seen}; hears no heartbeat: detection is silent`,
      'look at Prometheus and Alertmanager',
    );
  }
  if (waiting >= 1_000) return critical('alert-bridge', seen, 'is Telegram reachable? see the page of the bridge');
  if (paused > 0) return warning('alert-bridge', seen, 'let the bot into the chat again, then restart alert-bridge');
  return ok('alert-bridge', seen);
}

export async function lookAtPrometheus(url: string): Promise<CheckResult> {
  const ready = await call({ url: `${url}/-/ready` });
  if (ready.status !== 200) return silent('prometheus', ready);
  const [rules, targets] = await Promise.all([
    call({ url: `${url}/api/v1/rules` }),
    call({ url: `${url}/api/v1/targets?state=active` }),
  ]);
  const all = listOf(field(rules.json, 'data', 'groups')).flatMap((group) => listOf(field(group, 'rules')));
  const failing = all.filter((rule) => field(rule, 'health') === 'err').map((rule) => String(field(rule, 'name')));
  const active = listOf(field(targets.json, 'data', 'activeTargets'));
  const down = active
    .filter((target) => field(target, 'health') === 'down')
    .map((target) => field(target, 'labels', 'job'));
  const seen = `${all.length} rules, ${active.length - down.length} of ${active.length} targets up`;
  if (failing.length > 0) {
    return critical(
      'prometheus',
      `${seen}; failing: ${failing.slice(0, 5).join(', ')}`,
      'check the rules with npm run check:rules',
    );
  }
  if (all.length === 0)
    return critical('prometheus', 'has no rules: nothing can be detected', 'is prometheus/rules there?');
  if (down.length === 0) return ok('prometheus', seen);
  return warning('prometheus', `${seen}; down: ${[...new Set(down)].join(', ')}`, 'look at the part that is named');
}

export async function lookAtAlertmanager(url: string): Promise<CheckResult> {
  const ready = await call({ url: `${url}/-/ready` });
  if (ready.status !== 200) return silent('alertmanager', ready);
  const silences = await createSilenceClient(url)
    .list()
    .catch(() => []);
  const active = silences.filter(({ state }) => state === 'active').length;
  return ok('alertmanager', active === 0 ? 'no silences' : `${active} silences are active`);
}

export async function lookAtGrafana(url: string): Promise<CheckResult> {
  const answer = await call({ url: `${url}/api/health` });
  if (answer.status !== 200) return silent('grafana', answer);
  return ok(
    'grafana',
    `version ${String(field(answer.json, 'version'))}, database ${String(field(answer.json, 'database'))}`,
  );
}

function silent(name: string, { failure, status }: HttpAnswer): CheckResult {
  return critical(name, failure ?? `answers with status ${status}`, `look at the log of ${name}`);
}
