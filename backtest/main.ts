// npm run backtest: which alerts would have fired on recorded data.
import { dirname, join } from 'node:path';
import { commandLine } from '../common/command-line.ts';
import { AppError } from '../common/errors.ts';
import { onLauncherGone } from '../common/launcher.ts';
import { findEngines } from '../engines/find-engines.ts';
import { COMMAND, readOptions } from './options.ts';
import { createProgress } from './progress.ts';
import { formatReport } from './report.ts';
import { runBacktest } from './run.ts';

const checkout = dirname(import.meta.dirname);

// Leaving by `exit` ends the engine and removes its folder.
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)
  process.once(signal, () => process.exit(code));
onLauncherGone(() => process.exit(1));

try {
  const options = readOptions(commandLine(COMMAND));
  const engines = await findEngines({ cacheDir: join(checkout, '.cache'), log: (line) => console.error(line) });
  const rules = options.rules ?? join(checkout, 'prometheus', 'rules');
  const result = await runBacktest(options, engines, rules, createProgress(process.stderr));
  console.log(formatReport(result, options.limit));
} catch (error) {
  // What the user can mend is told in words; anything else is a fault of ours and shows where.
  if (!(error instanceof AppError)) throw error;
  console.error(error.message);
  process.exitCode = error.code === 'USAGE' ? 2 : 1;
}
