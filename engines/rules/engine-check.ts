// Asks the engines themselves: promtool about rules and Prometheus' configuration, amtool about Alertmanager's.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { errorText } from '../../common/errors.ts';

const run = promisify(execFile);

/** The lines in which an engine says where and what; its banners are left out. Empty when all is well. */
export async function askEngine(program: string, args: readonly string[]): Promise<readonly string[]> {
  try {
    const { stdout, stderr } = await run(program, args);
    // promtool finds duplicated rules, says so and succeeds.
    return /duplicate rule/.test(stdout + stderr) ? readable(`${stderr}\n${stdout}`) : [];
  } catch (error) {
    const lines = readable(outputOf(error));
    return lines.length > 0 ? lines : [errorText(error)];
  }
}

function outputOf(error: unknown): string {
  if (!(error instanceof Error) || !('stdout' in error) || !('stderr' in error)) return '';
  return `${error.stderr}\n${error.stdout}`;
}

function readable(output: string): readonly string[] {
  const lines = output
    .split('\n')
    .map((line) => line.trim().replace(/^(Checking '[^']*' )?\s*FAILED:\s*/, ''))
    .filter((line) => line !== '' && !/^(Checking|SUCCESS|Found:|- )|rules found$|failed to validate/.test(line));
  return [...new Set(lines)];
}
