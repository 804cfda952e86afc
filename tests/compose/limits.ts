// The two profiles, read from the merged files as compose understands them: what runs, and what it may use together.
import { parse } from 'yaml';
import type { Claims } from './claims.ts';
import type { ComposeProject } from './engine.ts';

const MEGABYTE = 1_048_576;

interface MergedService {
  readonly profiles?: readonly string[];
  readonly mem_limit?: string | number;
  readonly cpus?: string | number;
  readonly restart?: string;
}

export async function checkProfile(
  claims: Claims,
  name: string,
  project: ComposeProject,
  budgetMb: number,
): Promise<void> {
  await claims.claim(`profile ${name}: the limits of all containers add up to ${budgetMb} MB at most`, async () => {
    const { code, text } = await project.compose('config');
    if (code !== 0) return text;
    const services: Readonly<Record<string, MergedService>> = parse(text).services;
    const ours = Object.entries(services).filter(([service, { profiles }]) => !profiles && service !== 'simulators');
    // What runs once has ended before the others start.
    const running = ours.filter(([, { restart }]) => restart !== 'no');
    const unlimited = ours.filter(([, { mem_limit, cpus }]) => !mem_limit || !cpus).map(([service]) => service);
    if (unlimited.length > 0) return `without a limit: ${unlimited.join(', ')}`;
    const sum = running.reduce((total, [, { mem_limit }]) => total + bytes(mem_limit), 0) / MEGABYTE;
    return sum <= budgetMb ? undefined : `they add up to ${sum} MB`;
  });
}

/** Version 1 prints `72m`, version 2 bytes. */
function bytes(limit: string | number | undefined): number {
  const [, count = '0', unit = ''] = /^(\d+)([mg]?)/.exec(String(limit)) ?? [];
  return Number(count) * (unit === 'm' ? MEGABYTE : unit === 'g' ? 1_024 * MEGABYTE : 1);
}
