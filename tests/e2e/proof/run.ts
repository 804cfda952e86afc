// npm run proof: the whole roll-out against simulators, and reports/proof.html to read afterwards.
import { join } from 'node:path';
import { createSystemClock } from '../../../common/clock.ts';
import { commandLine } from '../../../common/command-line.ts';
import { errorText } from '../../../common/errors.ts';
import type { Validation } from '../../../operations/validation/checkpoint.ts';
import { writeReports } from '../../../operations/validation/write-reports.ts';
import { openJournal } from './journal.ts';
import { prove } from './proof.ts';
import { openWorld } from './world.ts';

/** @param reports the folder for `proof.html` and `proof.xml` @returns what was seen; a failed step is the last of it */
export async function runProof(reports: string, say: (line: string) => void): Promise<Validation> {
  const startedAt = new Date(createSystemClock().wallNow()).toISOString();
  const world = await openWorld();
  const journal = openJournal(say, { [world.dataDir]: 'DATA_DIR', [world.checkout]: 'CHECKOUT' });
  let commit: string | undefined;
  try {
    commit = (await world.git('rev-parse', 'HEAD')).trim();
    await prove(world, journal);
  } catch (error) {
    // The journal has it already, as the last step.
    say(errorText(error));
  } finally {
    await world.close();
  }
  const title = 'Roll-out against a simulator of the existing system';
  const validation: Validation = { title, startedAt, commit, mode: 'native', checks: journal.checks };
  say(`\n${writeReports(reports, validation, reports, 'proof')}`);
  return validation;
}

if (import.meta.main) {
  commandLine({
    name: 'npm run proof --',
    purpose: `Rehearses the whole roll-out in a clone of its own against simulators, and writes reports/proof.html and proof.xml. Takes about
three minutes.`,
  });
  const { checks } = await runProof(join(import.meta.dirname, '..', '..', '..', 'reports'), (line) =>
    console.log(line),
  );
  process.exitCode = checks.at(-1)?.level === 'critical' ? 1 : 0;
}
