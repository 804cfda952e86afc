// One round of the watcher: look, decide, act, tell.
import type { Stack } from '../stack/stack.ts';
import type { IncidentHandler } from './incident-handler.ts';
import { type Condition, decide, type Incident, PATIENCE, type Patience } from './ladder.ts';
import type { LookOut } from './look-out.ts';
import * as words from './messages.ts';
import type { Notebook } from './notebook.ts';
import { dropRequest } from './request.ts';
import type { WatchSettings } from './settings.ts';
import type { Step } from './triggers.ts';

export interface WatcherOptions {
  readonly stack: Pick<Stack, 'isRunning' | 'dataDir'>;
  readonly settings: Pick<WatchSettings, 'allowed' | 'environment'>;
  readonly lookOut: LookOut;
  readonly notebook: Notebook;
  readonly desk: IncidentHandler;
  readonly now: () => number;
  readonly say: (line: string) => void;
  readonly patience?: Patience;
}

export interface Round {
  /** What was seen, also of triggers that may not act. */
  readonly conditions: readonly Condition[];
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
    const { conditions, isCascade, isPrometheusAnswering } = await lookOut.look(isThorough);
    if (isPrometheusAnswering !== wasAnswering) {
      wasAnswering = isPrometheusAnswering;
      say(wasAnswering ? 'Prometheus answers again' : 'Prometheus does not answer: only own checks count');
    }
    for (const condition of conditions) {
      if (allowed.has(condition.trigger)) continue;
      notebook.enqueueOnce(condition.trigger, TELL_AGAIN_MS, () => words.tellNotAllowed(environment, condition));
    }
    const acting = conditions.filter(({ trigger }) => allowed.has(trigger));
    const { incident } = notebook.state;
    if (incident !== undefined && acting.length > 0) notebook.keep({ incident: { ...incident, lastSeenAt: now() } });
    if (!isCascade) notebook.forget('held');
    const decision = decide({ incident: notebook.state.incident, conditions: acting, isCascade, now: now(), patience });
    switch (decision.type) {
      case 'nothing':
        return { conditions, step: undefined, isAlertingOff: false };
      case 'held':
        notebook.enqueueOnce('held', HOUR_MS, () => words.tellHeld(environment, decision.condition));
        return { conditions, step: undefined, isAlertingOff: false };
      case 'over':
        if (incident !== undefined) await desk.end(incident);
        return { conditions, step: undefined, isAlertingOff: false };
      case 'step':
        if (!isInterrupted(incident) && !(await stack.isRunning())) return nothingRuns(conditions);
        await desk.take(decision.step, decision.condition, signal);
        return { conditions, step: decision.step, isAlertingOff: notebook.state.off !== undefined };
    }
  }

  /** Whatever is wrong, a stack that does not run is not the cause, and is not to be rolled back when it starts. */
  function nothingRuns(conditions: readonly Condition[]): Round {
    dropRequest(stack.dataDir);
    if (notebook.state.incident !== undefined) notebook.keep({ incident: undefined });
    say('the stack does not run: nothing to roll back');
    return { conditions, step: undefined, isAlertingOff: false };
  }

  return {
    async round(signal, isThorough = false) {
      if (await isOff()) return { conditions: [], step: undefined, isAlertingOff: true };
      return lookAndAct(signal, isThorough);
    },
  };
}

/** A roll-back in whose middle the watcher was ended may have stopped the stack already: it still has to be brought to its end. */
function isInterrupted(incident: Incident | undefined): boolean {
  const last = incident?.steps.at(-1);
  return last !== undefined && last.endedAt === undefined;
}
