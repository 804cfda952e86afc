// The staged roll-out as one line of steps: a machine check, a deployment to a wider circle, the next check. Pure data.
import { CHECKPOINTS, type Checkpoint } from '../validation/checkpoint.ts';

export const STAGES = ['isolated', 'integration', 'canary', 'production'] as const;
export type Stage = (typeof STAGES)[number];

export interface StagePlan {
  /** What must have passed before. */
  readonly after: Checkpoint;
  readonly words: string;
}

export const STAGE_PLANS: Readonly<Record<Stage, StagePlan>> = {
  isolated: { after: 'pre-deployment', words: 'alone on the machine: no existing service is asked, nobody is told' },
  integration: { after: 'isolated deployment', words: 'beside the existing system, nobody is told yet' },
  canary: { after: 'integration', words: 'everything as in production, told to one chat: CANARY_CHAT_ID' },
  production: { after: 'production', words: 'told to all chats' },
};

/** The deployment that a checkpoint looks at; the first one looks at what is there before any. */
export const LOOKS_AT: Readonly<Record<Checkpoint, Stage | undefined>> = {
  'pre-deployment': undefined,
  'isolated deployment': 'isolated',
  integration: 'integration',
  production: 'canary',
};

export type Step =
  | { readonly type: 'check'; readonly checkpoint: Checkpoint }
  | { readonly type: 'deploy'; readonly stage: Stage };

export const STEPS: readonly Step[] = CHECKPOINTS.flatMap((checkpoint) => {
  const stages = STAGES.filter((stage) => STAGE_PLANS[stage].after === checkpoint);
  return [{ type: 'check' as const, checkpoint }, ...stages.map((stage) => ({ type: 'deploy' as const, stage }))];
});

export function nameOf(step: Step): string {
  return step.type === 'check' ? `check: ${step.checkpoint}` : `deploy: ${step.stage}`;
}
