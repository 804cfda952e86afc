// The settings of the stage that was deployed last, kept beside the state of the stack: whoever restarts it later (a roll-back,
// the watcher, one part renewed) tells the same chats as before, and not those of `.env`.
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Type from 'typebox';
import { Check } from 'typebox/value';
import type { Environment } from '../../common/env.ts';
import { AppError } from '../../common/errors.ts';
import { stageEnvironment } from './stage-environment.ts';
import { STAGES } from './steps.ts';

/** Set by `rollout deploy` for the start that it makes; a start by hand is none of a stage. */
export const STAGE_VARIABLE = 'ROLLOUT_STAGE';

const Schema = Type.Record(Type.String(), Type.String());

const pathIn = (dataDir: string) => join(dataDir, 'operations', 'stage.json');

/**
 * For a start of everything: keeps the settings of the stage it is made for, or forgets those of the last one.
 * @throws AppError CONFIG_INVALID for a stage that there is not, or a canary without its chat
 */
export function keepStage(dataDir: string, environment: Environment): void {
  const name = environment[STAGE_VARIABLE]?.trim() || 'production';
  const stage = STAGES.find((known) => known === name);
  if (stage === undefined) {
    throw new AppError('CONFIG_INVALID', `${STAGE_VARIABLE}: ${JSON.stringify(name)} is none of ${STAGES.join(', ')}`);
  }
  const settings = stageEnvironment(stage, environment);
  if (Object.keys(settings).length === 0) {
    forgetStage(dataDir);
    return;
  }
  const path = pathIn(dataDir);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.new`, `${JSON.stringify(settings, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

/** To be laid over the user's settings; nothing in production. @throws AppError STAGE_UNREADABLE: a guess might tell everybody */
export function stageInForce(dataDir: string): Environment {
  const path = pathIn(dataDir);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return {};
  }
  const value = parse(text);
  if (Check(Schema, value)) return value;
  throw new AppError('STAGE_UNREADABLE', `${path} cannot be read: remove it to start with the settings of .env`);
}

export function forgetStage(dataDir: string): void {
  rmSync(pathIn(dataDir), { force: true });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
