// What each checkpoint asks. Nothing here changes anything but a heartbeat at the bridge and scratch files of a drill.

import { existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { createSystemClock } from '../../common/clock.ts';
import { AppError } from '../../common/errors.ts';
import { field, listOf } from '../../common/json-shape.ts';
import { type CheckResult, critical, ok, skipped, warning, worstOf } from '../check-result.ts';
import { diskCheck } from '../checks/disk.ts';
import { existingServiceCheck } from '../checks/existing-service.ts';
import { lookAtStack } from '../health/look-at-stack.ts';
import { call } from '../http-answer.ts';
import { drill } from '../points/drill.ts';
import { listPoints } from '../points/manifest.ts';
import { verifyPoint } from '../points/verify.ts';
import type { Site, Stack } from '../stack/stack.ts';
import { sendTestWebhook } from '../test-webhook.ts';
import { captureBaseline, readBaseline } from './baseline.ts';
import { baselinePath } from './capture-baseline.ts';
import type { Checkpoint } from './checkpoint.ts';
import { measureResponses } from './own-endpoints.ts';
import { compareBaselines } from './regression.ts';

const DAY_MS = 86_400_000;
const DRILL_LIMIT_S = 30;
/** Enough for status and shape. */
const SAMPLES = 10;
/** A stack that has just started raises its first one within this. */
const FIRST_HEARTBEAT_MS = 45_000;

export type Look = () => Promise<CheckResult>;

/** All looks of a checkpoint, in order. */
export function looksOf(checkpoint: Checkpoint, site: Site, stack: Stack, signal: AbortSignal): readonly Look[] {
  switch (checkpoint) {
    case 'pre-deployment':
      return [
        ...stack.checks(undefined),
        () => diskCheck(stack.dataDir),
        () => existingServiceCheck(site.environment),
        async () => lookAtBaseline(site),
        async () => lookAtPoint(stack.dataDir),
      ];
    case 'isolated deployment':
      return [
        () => lookAtParts(site, stack),
        () => measureResponses(stack.urls),
        async () => sendTestWebhook({ bridgeUrl: stack.urls['alert-bridge'] ?? '', token: await stack.webhookToken() }),
        () => lookAtChain(stack, signal),
      ];
    case 'integration':
      return [() => existingServiceCheck(site.environment), () => lookAtRegression(site, signal)];
    case 'production':
      return [() => lookAtAlerts(stack), () => rehearse(site, stack, signal)];
  }
}

async function lookAtBaseline(site: Site): Promise<CheckResult> {
  if (!site.environment.MARKET_DATA_URL?.trim())
    return skipped('baseline', 'no existing service: MARKET_DATA_URL is not set');
  const path = baselinePath(site);
  if (!existsSync(path)) return critical('baseline', `${path} is not there`, 'capture_baseline.sh');
  const { capturedAt, endpoints } = readBaseline(path);
  const days = (createSystemClock().wallNow() - Date.parse(capturedAt)) / DAY_MS;
  const seen = `${endpoints.length} endpoints, captured ${capturedAt}`;
  return days > 30
    ? warning('baseline', `${seen}: ${days.toFixed(0)} days old`, 'capture_baseline.sh')
    : ok('baseline', seen);
}

function lookAtPoint(dataDir: string): CheckResult {
  const newest = listPoints(dataDir).at(-1);
  if (newest === undefined)
    return warning('roll-back point', 'none yet', 'rollback.sh --create NAME; every start takes one');
  const worst = worstOf(verifyPoint(dataDir, newest.name));
  return worst === undefined || worst.level === 'ok'
    ? ok('roll-back point', `${newest.name} verified`)
    : { ...worst, name: 'roll-back point' };
}

async function lookAtParts(site: Site, stack: Stack): Promise<CheckResult> {
  const { isRunning, findings } = await lookAtStack(stack, site.environment);
  if (!isRunning) return critical('all parts healthy', 'nothing runs', 'start_monitoring.sh');
  const worst = worstOf(findings);
  if (worst?.level === 'critical' || worst?.level === 'warning')
    return { ...worst, name: `all parts healthy (${worst.name})` };
  return ok('all parts healthy', findings.map(({ name, detail }) => `${name}: ${detail}`).join('; '));
}

/** A heartbeat that Prometheus raised and Alertmanager sent: the whole way, and not only our own test of its end. */
async function lookAtChain({ urls }: Stack, signal: AbortSignal): Promise<CheckResult> {
  const name = 'heartbeat from Prometheus to bridge';
  const startedAt = performance.now();
  for (;;) {
    const { json, failure } = await call({ url: `${urls.alertmanager}/api/v2/alerts` });
    const heartbeat = listOf(json).find((alert) => field(alert, 'labels', 'alertname') === 'Watchdog');
    if (heartbeat !== undefined) {
      return ok(name, `Watchdog is in Alertmanager since ${String(field(heartbeat, 'startsAt'))}`);
    }
    if (signal.aborted || performance.now() - startedAt > FIRST_HEARTBEAT_MS) {
      const mend = 'does Prometheus run its rules, and reach Alertmanager?';
      return critical(name, failure ?? 'Alertmanager has no Watchdog alert', mend);
    }
    await delay(500);
  }
}

async function lookAtRegression(site: Site, signal: AbortSignal): Promise<CheckResult> {
  const name = 'existing endpoints unchanged';
  const path = baselinePath(site);
  if (!site.environment.MARKET_DATA_URL?.trim())
    return skipped(name, 'no existing service: MARKET_DATA_URL is not set');
  if (!existsSync(path))
    return critical(name, 'there is no baseline to compare with', 'capture_baseline.sh before the deployment');
  const before = readBaseline(path);
  const after = await captureBaseline({ url: before.url, samples: SAMPLES, pauseMs: 50, signal });
  const findings = compareBaselines(before, after);
  const isLatency = (finding: CheckResult) => finding.name.endsWith('latency');
  const worst = worstOf(findings.filter((finding) => !isLatency(finding)));
  if (worst?.level === 'critical') return { ...worst, name: `${name} (${worst.name})` };
  // A few samples on a machine that has just started something accuse nobody: they say where to look closer.
  const slower = findings.filter((finding) => isLatency(finding) && finding.level === 'critical');
  const seen = `${before.endpoints.length} endpoints: status and shape as on ${before.capturedAt}`;
  if (slower.length === 0) return ok(name, `${seen}; latency: regression_check.sh`);
  const slow = slower.map(({ name: endpoint, detail }) => `${endpoint} ${detail.split(' (')[0]}`).join('; ');
  return warning(name, `${seen}; with ${SAMPLES} samples ${slow}`, 'regression_check.sh --samples 60, or --interleave');
}

async function lookAtAlerts({ urls }: Stack): Promise<CheckResult> {
  const { json } = await call({ url: `${urls.prometheus}/api/v1/alerts` });
  const firing = listOf(field(json, 'data', 'alerts')).filter((alert) => {
    return (
      field(alert, 'state') === 'firing' &&
      field(alert, 'labels', 'severity') === 'critical' &&
      field(alert, 'labels', 'category') === 'stack'
    );
  });
  const names = [...new Set(firing.map((alert) => String(field(alert, 'labels', 'alertname'))))];
  if (names.length === 0) return ok('no critical alert of the stack', 'none fires');
  return critical('no critical alert of the stack', names.join(', '), 'see docs/runbooks');
}

async function rehearse(site: Site, { dataDir }: Stack, signal: AbortSignal): Promise<CheckResult> {
  const name = 'roll-back rehearsed';
  const point = listPoints(dataDir).at(-1);
  if (point === undefined) return critical(name, 'there is no roll-back point', 'rollback.sh --create NAME');
  const startedAt = performance.now();
  try {
    const worst = worstOf(await drill(site, { dataDir, name: point.name, isFull: false }, signal));
    const seconds = (performance.now() - startedAt) / 1_000;
    if (worst?.level === 'critical') return { ...worst, name };
    const seen = `${point.name} restored into a scratch place and checked in ${seconds.toFixed(1)} s`;
    return seconds < DRILL_LIMIT_S ? ok(name, seen) : critical(name, seen, `the limit is ${DRILL_LIMIT_S} s`);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return critical(name, error.message, 'rollback.sh --list');
  }
}
