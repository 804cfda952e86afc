// The restored stack of a full drill: real programs on free ports, with nobody to call and nobody to tell.

import { readFileSync } from 'node:fs';
import type { Environment } from '../../common/env.ts';
import { AppError, errorText } from '../../common/errors.ts';
import { freeAddresses } from '../../engines/free-addresses.ts';
import { readRunState } from '../../engines/run-state.ts';
import { portVariables, type SERVICE_NAMES } from '../../engines/stack-settings.ts';
import { runStack } from '../../supervisor/stack.ts';
import { type CheckResult, critical, lookAt, ok } from '../check-result.ts';
import { lookAtAlertmanager, lookAtBridge, lookAtPrometheus } from '../health/parts.ts';
import { call } from '../http-answer.ts';
import type { Site } from '../stack/stack.ts';
import { sendTestWebhook } from '../test-webhook.ts';

/** Of the user's environment what programs need to run at all; no token, no chat, no venue. */
const KEPT = /^(PATH|HOME|TZ|LANG|LC_\w+|TMPDIR|NODE_\w+|SYMBOLS|EXCHANGES)$/;
/** Port 9 of this machine: nothing answers there, so a drill asks no venue anything. */
const NOWHERE = { ws: 'ws://127.0.0.1:9', http: 'http://127.0.0.1:9' };
const LIMIT_MS = 60_000;

export async function runDrillStack(
  { environment, say }: Site,
  checkout: string,
  dataDir: string,
  signal: AbortSignal,
): Promise<readonly CheckResult[]> {
  const stopping = new AbortController();
  const limit = AbortSignal.any([signal, stopping.signal, AbortSignal.timeout(LIMIT_MS)]);
  let findings: readonly CheckResult[] = [];
  try {
    await runStack({
      checkout,
      environment: await drillEnvironment(environment, dataDir),
      say: () => undefined,
      configLoaders: [],
      signal: limit,
      async accompany() {
        findings = await lookAtDrill(dataDir);
        stopping.abort();
      },
    });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return [critical('restored stack', errorText(error), 'this point cannot be started: use another one')];
  }
  if (findings.length > 0) return findings;
  say(signal.aborted ? 'the drill was interrupted' : 'the restored stack did not answer in time');
  return [critical('restored stack', `not up within ${LIMIT_MS / 1_000} s`, 'use another point: --list')];
}

async function lookAtDrill(dataDir: string): Promise<readonly CheckResult[]> {
  const state = readRunState(dataDir);
  if (state === undefined) return [critical('restored stack', 'left no state', 'use another point: --list')];
  const url = (name: (typeof SERVICE_NAMES)[number]) => `http://127.0.0.1:${state.addresses[name].port}`;
  const bridgeUrl = url('alert-bridge');
  return lookAt([
    async () => {
      const { status, failure } = await call({ url: `${url('exporter')}/health` });
      // Its feeds have nowhere to go: only that it runs is looked at.
      return status === 200
        ? ok('restored exporter', 'runs')
        : critical('restored exporter', failure ?? `status ${status}`, 'see its log');
    },
    () => lookAtPrometheus(url('prometheus')).then(drillOnly),
    () => lookAtAlertmanager(url('alertmanager')),
    () => lookAtBridge(bridgeUrl),
    () => sendTestWebhook({ bridgeUrl, token: readFileSync(state.webhookTokenFile, 'utf8').trim() }),
  ]);
}

/** It has not scraped yet when it is first asked; that its rules are loaded is what counts here. */
function drillOnly(finding: CheckResult): CheckResult {
  return finding.level === 'warning' ? ok(finding.name, finding.detail) : finding;
}

async function drillEnvironment(user: Environment, dataDir: string): Promise<Environment> {
  const addresses = await freeAddresses();
  return {
    ...Object.fromEntries(Object.entries(user).filter(([name]) => KEPT.test(name))),
    ...portVariables(addresses),
    DATA_DIR: dataDir,
    ENVIRONMENT: 'drill',
    BINANCE_WS_URL: NOWHERE.ws,
    BINANCE_REST_URL: NOWHERE.http,
    BINANCE_COINM_REST_URL: NOWHERE.http,
    BYBIT_WS_URL: NOWHERE.ws,
    BYBIT_REST_URL: NOWHERE.http,
    OKX_WS_URL: NOWHERE.ws,
    OKX_REST_URL: NOWHERE.http,
  };
}
