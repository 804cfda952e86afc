// Puts a watcher together for a stack: which checks there are depends on what there is to look at.
import { join } from 'node:path';
import { AppError } from '../../common/errors.ts';
import { medianOf } from '../../common/median.ts';
import { readSeal, sealConfiguration } from '../points/seal.ts';
import type { Site, Stack } from '../stack/stack.ts';
import { type Baseline, readBaseline } from '../validation/baseline.ts';
import { readAlerts } from './alerts.ts';
import type { Check } from './checks/check.ts';
import { watchConfiguration } from './checks/configuration.ts';
import { watchData } from './checks/data.ts';
import { watchDelivery } from './checks/delivery.ts';
import { watchExistingService } from './checks/existing-service.ts';
import { watchFeeds } from './checks/feeds.ts';
import { watchMemory } from './checks/memory.ts';
import { watchStrangers } from './checks/strangers.ts';
import { createIncidentHandler } from './incident-handler.ts';
import { PATIENCE, type Patience } from './ladder.ts';
import { createLookOut } from './look-out.ts';
import { measureMemory, megabytesOf } from './memory-use.ts';
import { type Notebook, openNotebook } from './notebook.ts';
import { watchRequests } from './request.ts';
import type { WatchSettings } from './settings.ts';
import { createWatcher, type Watcher } from './watcher.ts';

export interface AssembledWatcher {
  readonly watcher: Watcher;
  readonly notebook: Notebook;
}

export interface Assembly {
  readonly site: Site;
  readonly stack: Stack;
  readonly settings: WatchSettings;
  readonly now: () => number;
  /** Instead of each step's own patience, milliseconds: for rehearsals. */
  readonly patienceMs: number | undefined;
}

export async function assembleWatcher({ site, stack, settings, now, patienceMs }: Assembly): Promise<AssembledWatcher> {
  const { dataDir } = stack;
  const { say } = site;
  if (readSeal(dataDir) === undefined) {
    sealConfiguration(site.checkout, dataDir, now());
    say('– the configuration was not sealed yet: it is now, as it is');
  }
  const notebook = openNotebook({ dataDir, telegram: settings.telegram, now, say });
  const checks = await createChecks({ site, stack, settings, now });
  const prometheusUrl = stack.urls.prometheus ?? '';
  const lookOut = createLookOut({ checks, readAlerts: () => readAlerts(prometheusUrl), now, say });
  const desk = createIncidentHandler({ site, stack, settings, notebook, now });
  const patience = patienceMs === undefined ? PATIENCE : evenPatience(patienceMs);
  return { watcher: createWatcher({ stack, settings, lookOut, notebook, desk, now, say, patience }), notebook };
}

async function createChecks({ site, stack, settings, now }: Omit<Assembly, 'patienceMs'>): Promise<readonly Check[]> {
  const { existingUrl } = settings;
  const { environment, checkout, say } = site;
  const baseline = baselineOf(stack.dataDir, say);
  const places = {
    stack,
    project: environment.COMPOSE_PROJECT_NAME?.trim() || 'derivatives-alerts',
    existingNetwork: settings.existingNetwork,
    existingUrl,
  };
  const measure = () => measureMemory(places);
  const existingMb = existingUrl === undefined ? undefined : ((await measure())?.existingMb ?? undefined);
  const triggerMb = settings.memoryTriggerMb ?? defaultTriggerMb(stack, baseline, existingMb);
  if (triggerMb === undefined) say('– memory: MEMORY_TRIGGER_MB is not set and the existing system cannot be seen');
  else say(`✓ memory: the limit of existing system and stack together is ${triggerMb.toFixed(0)} MB`);
  const health = baseline?.endpoints.find(({ name }) => name === 'health');
  const baselineMs = medianOf(health?.latencies ?? []);
  // The baseline was captured from this machine.
  const isCaptured = baseline !== undefined && baseline.url.replace(/\/+$/, '') === existingUrl;
  return [
    watchRequests(stack.dataDir),
    watchConfiguration({ checkout }, stack.dataDir, now),
    watchStrangers(stack.urls.alertmanager ?? '', settings.adminIds),
    watchMemory({ triggerMb, measure }),
    watchFeeds(stack.urls.exporter ?? '', now),
    watchDelivery(stack.urls['alert-bridge'] ?? '', now),
    // PostgreSQL looks after its own pages.
    ...(environment.BRIDGE_DATABASE_URL?.trim() ? [] : [watchData(stack)]),
    ...(existingUrl === undefined
      ? []
      : [watchExistingService({ url: existingUrl, baselineMs, isReachable: isCaptured })]),
  ];
}

/** The captured memory of the existing system, or its present one, and what this stack may use. */
function defaultTriggerMb(
  { limitMb }: Stack,
  baseline: Baseline | undefined,
  presentMb: number | undefined,
): number | undefined {
  const captured = (baseline?.containers ?? []).map((line) => megabytesOf(line.slice(line.indexOf(' '))));
  const existingMb = captured.length > 0 ? captured.reduce((sum, usedMb) => sum + usedMb, 0) : presentMb;
  return existingMb === undefined ? undefined : existingMb + limitMb;
}

function baselineOf(dataDir: string, say: (line: string) => void): Baseline | undefined {
  try {
    return readBaseline(join(dataDir, 'baselines', 'latest.json'));
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    say('– response time: no baseline to compare with; capture_baseline.sh takes one');
    return undefined;
  }
}

function evenPatience(ms: number): Patience {
  return { ...PATIENCE, afterStepMs: { 'hold-back': ms, 'stop-calling': ms, 'roll-back': 0 } };
}
