// One round of the watcher: look, decide, act, tell.
import type { Stack } from '../stack/stack.ts';
import type { IncidentDesk } from './incident-desk.ts';
import { decide, type Incident, PATIENCE, type Patience, type Sighting } from './ladder.ts';
import type { LookOut } from './look-out.ts';
import type { Notebook } from './notebook.ts';
import { dropRequest } from './request.ts';
import type { WatchSettings } from './settings.ts';
import type { Step } from './triggers.ts';
import * as words from './words.ts';

export interface WatcherOptions {
  readonly stack: Pick<Stack, 'isRunning' | 'dataDir'>;
  readonly settings: Pick<WatchSettings, 'allowed' | 'environment'>;
  readonly lookOut: LookOut;
  readonly notebook: Notebook;
  readonly desk: IncidentDesk;
  readonly now: () => number;
  readonly say: (line: string) => void;
  readonly patience?: Patience;
}

export interface Round {
  /** What was seen, also of triggers that may not act. */
  readonly sightings: readonly Sighting[];
  readonly step: Step | undefined;
  readonly isAlertingOff: boolean;
}

export interface Watcher {
  /** @param isThorough believes the first look of every check: for a single round */
  round(signal: AbortSignal, isThorough?: boolean): Promise<Round>;
}

const HOUR_MS = 3_600_000;
/** A trigger that may not act is told again when it comes back after this. */
const TELL_AGAIN_MS = 6 * HOUR_MS;

export function createWatcher(options: WatcherOptions): Watcher {
  const { stack, settings, lookOut, notebook, desk, now, say, patience = PATIENCE } = options;
  const { environment, allowed } = settings;
  let wasAnswering = true;

  /** `true` while the stack is off by our doing; says so every hour, and when somebody has started it again. */
  async function isOff(): Promise<boolean> {
    const { off } = notebook.state;
    if (off === undefined) return false;
    if (await stack.isRunning()) {
      notebook.keep({ off: undefined });
      notebook.owe(words.tellOnAgain(environment));
      return false;
    }
    dropRequest(stack.dataDir);
    if (now() - off.toldAt >= HOUR_MS) {
      notebook.keep({ off: { ...off, toldAt: now() } });
      notebook.owe(words.tellStillOff(environment, off.since, off.why, now()));
    }
    return true;
  }

  async function lookAndAct(signal: AbortSignal, isThorough: boolean): Promise<Round> {
    const { sightings, isCascade, isPrometheusAnswering } = await lookOut.look(isThorough);
    if (isPrometheusAnswering !== wasAnswering) {
      wasAnswering = isPrometheusAnswering;
      say(wasAnswering ? 'Prometheus answers again' : 'Prometheus does not answer: only own checks count');
    }
    for (const sighting of sightings) {
      if (allowed.has(sighting.trigger)) continue;
      notebook.oweOnce(sighting.trigger, TELL_AGAIN_MS, () => words.tellNotAllowed(environment, sighting));
    }
    const acting = sightings.filter(({ trigger }) => allowed.has(trigger));
    const { incident } = notebook.state;
    if (incident !== undefined && acting.length > 0) notebook.keep({ incident: { ...incident, lastSeenAt: now() } });
    if (!isCascade) notebook.forget('held');
    const decision = decide({ incident: notebook.state.incident, sightings: acting, isCascade, now: now(), patience });
    switch (decision.type) {
      case 'nothing':
        return { sightings, step: undefined, isAlertingOff: false };
      case 'held':
        notebook.oweOnce('held', HOUR_MS, () => words.tellHeld(environment, decision.sighting));
        return { sightings, step: undefined, isAlertingOff: false };
      case 'over':
        if (incident !== undefined) await desk.end(incident);
        return { sightings, step: undefined, isAlertingOff: false };
      case 'step':
        if (!isInterrupted(incident) && !(await stack.isRunning())) return nothingRuns(sightings);
        await desk.take(decision.step, decision.sighting, signal);
        return { sightings, step: decision.step, isAlertingOff: notebook.state.off !== undefined };
    }
  }

  /** Whatever is wrong, a stack that does not run is not the cause, and is not to be rolled back when it starts. */
  function nothingRuns(sightings: readonly Sighting[]): Round {
    dropRequest(stack.dataDir);
    if (notebook.state.incident !== undefined) notebook.keep({ incident: undefined });
    say('the stack does not run: nothing to roll back');
    return { sightings, step: undefined, isAlertingOff: false };
  }

  return {
    async round(signal, isThorough = false) {
      if (await isOff()) return { sightings: [], step: undefined, isAlertingOff: true };
      return lookAndAct(signal, isThorough);
    },
  };
}

/** A roll-back in whose middle the watcher was ended may have stopped the stack already: it still has to be brought to its end. */
function isInterrupted(incident: Incident | undefined): boolean {
  const last = incident?.steps.at(-1);
  return last !== undefined && last.endedAt === undefined;
}
