// Free memory against what the stack may take, plus 15 %: a machine that is short of it kills a program, perhaps not ours.
import { readFileSync } from 'node:fs';
import { freemem, totalmem } from 'node:os';
import { type CheckResult, critical, ok } from '../check-result.ts';

const RESERVE = 1.15;
const MB = 1_048_576;

export interface MemoryNeed {
  readonly neededMb: number;
  /** Where that figure comes from, for the person who reads the refusal. */
  readonly why: string;
  readonly availableMb?: number;
}

export async function memoryCheck({
  neededMb,
  why,
  availableMb = readAvailableMb(),
}: MemoryNeed): Promise<CheckResult> {
  const wantedMb = Math.ceil(neededMb * RESERVE);
  const seen = `${Math.floor(availableMb)} MB available, ${wantedMb} MB wanted (${why}, and 15 % more)`;
  if (availableMb >= wantedMb) return ok('memory', seen);
  return critical('memory', seen, 'free some memory, or start less: the profile core, or --only PART');
}

/** What a new program could take without swapping: Linux' own estimate, elsewhere what is plainly free. */
export function readAvailableMb(): number {
  const line = readMemoryInfo().match(/^MemAvailable:\s+(\d+) kB$/m)?.[1];
  return line === undefined ? freemem() / MB : Number(line) / 1_024;
}

export function readTotalMb(): number {
  return totalmem() / MB;
}

function readMemoryInfo(): string {
  try {
    return readFileSync('/proc/meminfo', 'utf8');
  } catch {
    return '';
  }
}
