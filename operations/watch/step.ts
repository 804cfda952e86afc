// One step of the ladder as it is asked for, and what came of it.
import type { Step, Trigger } from './triggers.ts';

export interface StepRequest {
  readonly step: Step;
  readonly trigger: Trigger;
  readonly what: string;
  /** `original`, or a roll-back point. */
  readonly target: string;
  readonly now: number;
}

export interface StepResult {
  /** One sentence for the phone. */
  readonly outcome: string;
  readonly isAlertingOff: boolean;
  /** Further lines for the report. */
  readonly details: readonly string[];
  readonly silenceId?: string;
}
