// One authenticated webhook through the bridge's own door. It is a heartbeat, which the bridge records and sends to nobody.
// It also resets the bridge's wait for the real one: a detection that is silent is told up to 90 s later after this.

import { createSystemClock } from '../common/clock.ts';
import { field } from '../common/json-shape.ts';
import { type CheckResult, critical, ok } from './check-result.ts';
import { call } from './http-answer.ts';

export interface TestWebhook {
  readonly bridgeUrl: string;
  readonly token: string;
}

export async function sendTestWebhook({ bridgeUrl, token }: TestWebhook): Promise<CheckResult> {
  const name = 'test webhook';
  const sentAt = createSystemClock().wallNow();
  const startsAt = new Date(sentAt).toISOString();
  const answer = await call({
    url: `${bridgeUrl}/webhook`,
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    body: {
      version: '4',
      receiver: 'start-check',
      status: 'firing',
      alerts: [{ status: 'firing', labels: { alertname: 'Watchdog' }, annotations: {}, startsAt }],
    },
  });
  if (answer.status === 401) {
    return critical(
      name,
      'the bridge refused the credential',
      'restart alert-bridge and Alertmanager with the same token',
    );
  }
  if (answer.status !== 200) {
    const why = answer.failure ?? `status ${answer.status}: ${answer.text.slice(0, 200)}`;
    return critical(name, `POST ${bridgeUrl}/webhook: ${why}`, 'look at the log of alert-bridge');
  }
  const { json } = await call({ url: `${bridgeUrl}/health` });
  const heardAt = Date.parse(String(field(json, 'heartbeat', 'lastAt')));
  if (!(heardAt >= sentAt - 1_000)) {
    return critical(
      name,
      'was answered with 200, but the bridge shows no heartbeat',
      'is another program on this port?',
    );
  }
  return ok(name, `accepted with the credential in ${Math.round(answer.milliseconds)} ms, sent to nobody`);
}
