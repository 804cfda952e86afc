// What the service `render` of the compose file runs: the rules as Prometheus shall read them, made in a volume, because the
// checkout is not the container's to write to. The thresholds are rendered there; every other rule file is linked to, so that an
// edit of one and a SIGHUP are still all it takes. Ends with 1 and one sentence for each fault; nothing is changed then.
//
//   render.mjs CONFIGURATION TARGET RULES    CONFIGURATION and RULES: prometheus and prometheus/rules, as this container and
//                                            as Prometheus' own sees them
//   render.mjs CONFIGURATION                 moves numbers into the table that somebody wrote into the rules before there was one
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { lookAtRules, ruleFilesIn } from './check-files.ts';
import { bringTableIntoForce, renderTable } from './table-in-force.ts';

const THRESHOLDS = 'thresholds.yml';

const [configuration, target, rules] = process.argv.slice(2);
if (configuration === undefined) finish(['usage: render.mjs CONFIGURATION [TARGET RULES]'], '');
else if (target === undefined || rules === undefined) {
  const { faults, said } = bringTableIntoForce(configuration);
  finish(faults, said.join('\n') || 'the rules are those of the table already');
} else {
  const { faults, text } = renderTable(configuration);
  const others = ruleFilesIn(join(configuration, 'rules')).filter((path) => !path.endsWith(`/${THRESHOLDS}`));
  const found = [...faults, ...lookAtRules(others)];
  if (found.length === 0)
    fill(
      target,
      text,
      others.map((path) => path.slice(path.lastIndexOf('/') + 1)),
      rules,
    );
  finish(found, `${others.length + 1} rule files, the thresholds rendered from the table`);
}

function fill(folder: string, thresholds: string, names: readonly string[], linkedFrom: string): void {
  mkdirSync(folder, { recursive: true });
  replace(folder, THRESHOLDS, (path) => writeFileSync(path, thresholds));
  for (const name of names) {
    const source = join(linkedFrom, name);
    if (linkAt(join(folder, name)) !== source) replace(folder, name, (path) => symlinkSync(source, path));
  }
  for (const name of readdirSync(folder)) if (name !== THRESHOLDS && !names.includes(name)) rmSync(join(folder, name));
}

/** At once: Prometheus may be reading at this moment. */
function replace(folder: string, name: string, make: (path: string) => void): void {
  const path = join(folder, `${name}.new`);
  rmSync(path, { force: true });
  make(path);
  renameSync(path, join(folder, name));
}

function linkAt(path: string): string | undefined {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ? readlinkSync(path) : undefined;
}

function finish(faults: readonly string[], words: string): void {
  for (const fault of faults) console.error(`render: ${fault}`);
  if (faults.length === 0) console.log(`render: ${words}`);
  else process.exitCode = 1;
}
