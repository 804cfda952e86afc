// Takes the steps of an incident and keeps its record: begun is written down before it begins, its outcome when it is known.

import { errorText } from '../../common/errors.ts';
import { ORIGINAL } from '../points/point-name.ts';
import type { Site, Stack } from '../stack/stack.ts';
import { letGo } from './hold-back.ts';
import type { Condition, Incident, StepTaken } from './ladder.ts';
import * as words from './messages.ts';
import type { Notebook } from './notebook.ts';
import { writeReport } from './report.ts';
import { dropRequest } from './request.ts';
import type { WatchSettings } from './settings.ts';
import type { StepRequest, StepResult } from './step.ts';
import { takeStep } from './steps.ts';
import { PLANS, type Step } from './triggers.ts';

export type Act = (site: Site, stack: Stack, wish: StepRequest, signal: AbortSignal) => Promise<StepResult>;

export interface IncidentHandler {
  take(step: Step, condition: Condition, signal: AbortSignal): Promise<void>;
  /** The condition has not been seen for long enough: what was held back is let go. */
  end(incident: Incident): Promise<void>;
}

export interface IncidentDeskOptions {
  readonly site: Site;
  readonly stack: Stack;
  readonly settings: WatchSettings;
  readonly notebook: Notebook;
  readonly now: () => number;
  /** For tests of the logic; really acting otherwise. */
  readonly act?: Act;
}

/** A condition that comes back this soon after a roll-back to a point was not the later version's fault. */
const SAME_AGAIN_MS = 900_000;
const FAILURE_TOLD_MS = 600_000;

export function createIncidentHandler(options: IncidentDeskOptions): IncidentHandler {
  const { site, stack, settings, notebook, now, act = takeStep } = options;
  const { environment } = settings;

  function begin(step: Step, condition: Condition, begunAt: number): Incident {
    const known = notebook.state.incident;
    const done = known?.steps.filter(({ endedAt, step: taken, isFailed }) => {
      return endedAt !== undefined && !(isFailed === true && taken === step);
    });
    const id = new Date(begunAt).toISOString().replace(/[:.]/g, '-');
    const base = known ?? { id, ...condition, lastSeenAt: begunAt, steps: [] };
    // What leads to the last step gives the incident its name, whatever began it.
    const named = step === 'roll-back' ? { ...base, trigger: condition.trigger, what: condition.what } : base;
    return { ...named, lastSeenAt: begunAt, steps: [...(done ?? []), { step, begunAt }] };
  }

  /** Where a roll-back to a point did not help there is only the state without us. */
  function targetNow(begunAt: number): string {
    const { rolledBackAt } = notebook.state;
    return rolledBackAt !== undefined && begunAt - rolledBackAt < SAME_AGAIN_MS ? ORIGINAL : settings.target;
  }

  function close(incident: Incident, taken: StepTaken, isAlertingOff: boolean): Incident {
    const closed = { ...incident, steps: [...incident.steps.slice(0, -1), taken] };
    const path = writeReport(stack.dataDir, { incident: closed, isAlertingOff });
    site.say(`report: ${path}`);
    return closed;
  }

  return {
    async take(step, condition, signal) {
      const begunAt = now();
      const incident = begin(step, condition, begunAt);
      notebook.keep({ incident });
      const { trigger, what } = condition;
      const wish = { step, trigger, what, target: targetNow(begunAt), now: begunAt };
      let result: StepResult;
      try {
        result = await act(site, stack, wish, signal);
      } catch (error) {
        const taken = { step, begunAt, endedAt: now(), isFailed: true, outcome: `failed: ${errorText(error)}` };
        notebook.keep({ incident: close(incident, taken, false) });
        notebook.enqueueOnce(`failed ${step}`, FAILURE_TOLD_MS, () =>
          words.tellFailed(environment, condition, step, errorText(error)),
        );
        return;
      }
      const { outcome, details, isAlertingOff, silenceId } = result;
      const endedAt = now();
      const closed = close(incident, { step, begunAt, endedAt, outcome, details }, isAlertingOff);
      const isLast = step === 'roll-back';
      notebook.keep({
        incident: isLast ? undefined : closed,
        ...(isLast ? { rolledBackAt: endedAt, silenceId: undefined } : {}),
        ...(silenceId === undefined ? {} : { silenceId }),
        ...(isAlertingOff ? { off: { since: endedAt, toldAt: endedAt, why: `${trigger}: ${what}` } } : {}),
      });
      if (isLast) dropRequest(stack.dataDir);
      const { ladder } = PLANS[trigger];
      const told = words.tellStep(environment, condition, step, outcome, ladder[ladder.indexOf(step) + 1]);
      notebook.owe(isAlertingOff ? `${told}\n${words.tellOff(endedAt)}` : told);
    },
    async end(incident) {
      const { silenceId } = notebook.state;
      if (silenceId !== undefined) await letGo(stack.urls.alertmanager ?? '', silenceId);
      notebook.keep({ incident: undefined, silenceId: undefined });
      const hasStoppedCalling = incident.steps.some(({ step }) => step === 'stop-calling');
      notebook.owe(words.tellOver(environment, incident, hasStoppedCalling));
    },
  };
}
