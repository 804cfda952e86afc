// The machine that a figure was measured on, in one line: without it no figure means anything.
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, release, totalmem } from 'node:os';

export function describeHost(): string {
  const model = cpus()[0]?.model.trim() ?? 'unknown processor';
  const memory = `${Math.round(totalmem() / 2 ** 30)} GB`;
  return `${availableParallelism()} cores of ${model}, ${memory}, Linux ${release()}, Node ${process.versions.node}, ${readSystem()}`;
}

/** A machine that is busy with something else gives figures that mean little. */
export function describeBusyness(): string | undefined {
  const [oneMinute = 0] = loadavg();
  return oneMinute > 0.5
    ? `the machine is busy already (load ${oneMinute.toFixed(1)}): timings will be worse than they are`
    : undefined;
}

function readSystem(): string {
  try {
    return /PRETTY_NAME="(.+)"/.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? 'unknown system';
  } catch {
    return 'unknown system';
  }
}
