// What the programs of operation need from a running stack, whether it runs on this machine or in containers.
import type { Environment } from '../../common/env.ts';
import type { CheckResult } from '../check-result.ts';

/** The context of every operation. */
export interface Site {
  readonly checkout: string;
  /** The shell's variables over those of `.env`. */
  readonly environment: Environment;
  readonly say: (line: string) => void;
}

export interface PartState {
  readonly name: string;
  readonly isUp: boolean;
  readonly detail: string;
}

export interface ImageInUse {
  readonly part: string;
  readonly image: string;
  readonly id: string;
}

export interface StartOptions {
  /** `false` starts what is there, as a roll-back must; otherwise what is older than its sources is built first. */
  readonly isBuilding?: boolean;
}

export interface Stack {
  readonly mode: 'native' | 'docker';
  readonly parts: readonly string[];
  /** Where this machine reaches each part that serves HTTP. */
  readonly urls: Readonly<Record<string, string>>;
  /** The directory for roll-back points, baselines and reports. */
  readonly dataDir: string;
  /** What all parts may use together, MB. */
  readonly limitMb: number;
  /** What must hold before a start, in this mode. */
  checks(only: string | undefined): readonly (() => Promise<CheckResult>)[];
  /** In words, what `start` would do. */
  plan(only: string | undefined): readonly string[];
  isRunning(): Promise<boolean>;
  /** Also what of it has stopped; nothing where nothing was started. */
  states(): Promise<readonly PartState[]>;
  /**
   * Starts everything or one part, and resolves when it answers. A part of a running stack is renewed from the checkout, the
   * others stay up. @throws AppError START_FAILED with the last words of what did not start
   */
  start(only: string | undefined, signal: AbortSignal, options?: StartOptions): Promise<void>;
  /** Renews what calls the existing service so that it no longer does; the next ordinary start lets it call again. */
  stopCallingExisting(signal: AbortSignal): Promise<void>;
  /** Stops what `start` started. @param withData removes databases and volumes too, never roll-back points */
  stop(withData: boolean): Promise<void>;
  /** The credential of `POST /webhook`. @throws AppError TOKEN_UNREADABLE */
  webhookToken(): Promise<string>;
  images(): Promise<readonly ImageInUse[]>;
  /** Gives these images their names back. @throws AppError IMAGE_MISSING */
  restoreImages(images: readonly ImageInUse[]): Promise<void>;
  /** Copies the bridge's database as of one moment, while it is in use. `false` where there is none. */
  copyDatabase(target: string): Promise<boolean>;
  /** Puts a database in place of the bridge's; only while nothing runs. */
  replaceDatabase(source: string): Promise<void>;
  /** Where each part's log can be read. */
  logs(): Promise<Readonly<Record<string, string>>>;
}
