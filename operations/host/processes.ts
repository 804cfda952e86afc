// Processes that belong to a native stack, whoever started them: found by what their command line and environment name.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The last two are those of the version before: during an upgrade its stack still runs. */
const SUPERVISORS = [
  'supervisor/main.ts',
  'operations/stack/native-part.ts',
  'scripts/native/start.ts',
  'scripts/operations/stack/native-part.ts',
];

/** Program and arguments of each, without numbers that differ from run to run. Empty on a system without /proc. */
export function listProcesses(checkout: string, dataDir: string): readonly string[] {
  const supervisors = SUPERVISORS.map((path) => join(checkout, path));
  const ofThisData = `DATA_DIR=${dataDir}`;
  return readPids()
    .filter((pid) => pid !== process.pid)
    .flatMap((pid) => {
      const words = readWords(pid, 'cmdline');
      const line = words.join(' ');
      const isEngine = words.some((word) => word.includes(`${dataDir}/`));
      // Another stack of the same checkout has other data, and is none of ours.
      const environment = supervisors.some((path) => line.includes(path)) || !isEngine ? readWords(pid, 'environ') : [];
      const isOurs = isEngine || (environment.includes(ofThisData) && isService(line, supervisors));
      return isOurs ? [line.slice(0, 200)] : [];
    })
    .toSorted();
}

function isService(line: string, supervisors: readonly string[]): boolean {
  return supervisors.some((path) => line.includes(path)) || /\/dist\/(exporter|alert-bridge)\.js/.test(line);
}

function readPids(): readonly number[] {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
}

/** What has ended meanwhile, or belongs to another user, has no words. */
function readWords(pid: number, file: 'cmdline' | 'environ'): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
      .split('\0')
      .filter((word) => word !== '');
  } catch {
    return [];
  }
}
