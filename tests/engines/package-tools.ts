// Stand-ins for apt-get and dpkg-deb, scripts that do what those do without a network.
import { chmodSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Test } from 'tap';

export interface PackageTools {
  /** The test's folder, with an empty `cache` in it. */
  readonly root: string;
  readonly cacheDir: string;
  /** What was told to people. */
  readonly lines: readonly string[];
  readonly log: (line: string) => void;
}

/** Puts the two scripts first on PATH, and the variables into the environment, until the test ends. */
export function standInPackageTools(
  t: Test,
  { aptGet, dpkgDeb }: { readonly aptGet: string; readonly dpkgDeb: string },
  environment: (root: string) => Readonly<Record<string, string>>,
): PackageTools {
  const root = t.testdir({ bin: { 'apt-get': aptGet, 'dpkg-deb': dpkgDeb }, cache: {}, other: {} });
  for (const name of ['apt-get', 'dpkg-deb']) chmodSync(join(root, 'bin', name), 0o755);
  const variables = { PATH: `${join(root, 'bin')}${delimiter}${process.env.PATH}`, ...environment(root) };
  for (const [name, value] of Object.entries(variables)) {
    const before = process.env[name];
    process.env[name] = value;
    t.teardown(() => {
      if (before === undefined) delete process.env[name];
      else process.env[name] = before;
    });
  }
  const lines: string[] = [];
  return { root, cacheDir: join(root, 'cache'), lines, log: (line) => lines.push(line) };
}
