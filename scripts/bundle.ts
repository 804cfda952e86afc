// The two services as one file each, and what the service `render` runs: less memory and a faster start than loading hundreds of modules.
import { existsSync, globSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type BuildOptions, build, type Plugin, stop } from 'esbuild';

export const BUNDLES = [
  { name: 'exporter', entry: 'exporter/main.ts' },
  { name: 'alert-bridge', entry: 'alert-bridge/main.ts' },
  { name: 'render', entry: 'engines/rules/render-main.ts' },
] as const;

/** Anything here that is newer than a bundle makes it old. */
const SOURCES = [
  'common/**/*',
  'exporter/**/*',
  'alert-bridge/**/*',
  'engines/rules/**/*',
  'scripts/bundle.ts',
  'package-lock.json',
];

// CommonJS packages inside an ESM bundle still call require for Node's own modules.
const REQUIRE_BANNER = "import{createRequire}from'node:module';const require=createRequire(import.meta.url);";

/**
 * A module of this name reads the `.sql` files beside it, which an image does not have: it is run now, and the bundle holds
 * what it exports. Run anew for each bundle, because a roll-back changes the files.
 */
const embedMigrations: Plugin = {
  name: 'embed-migrations',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]migrations\.ts$/ }, async ({ path }) => {
      const exported = Object.entries(await import(`${pathToFileURL(path).href}?${Date.now()}`));
      return {
        contents: exported.map(([name, value]) => `export const ${name} = ${JSON.stringify(value)};`).join('\n'),
      };
    });
  },
};

/**
 * Minified, because V8 keeps the source in memory: measured on the demo, exporter and bridge together need 107 MB instead of
 * 118 MB.
 */
export const BUNDLE_OPTIONS = {
  bundle: true,
  platform: 'node',
  target: 'node26',
  format: 'esm',
  banner: { js: REQUIRE_BANNER },
  plugins: [embedMigrations],
  minify: true,
  // A template behind a tag keeps its characters as written: as calls, they are written as escapes. See the test of plain ASCII.
  supported: { 'template-literal': false },
  // Beside the bundle and not named in it: Node reads it only when a person asks for it.
  sourcemap: 'external',
  legalComments: 'none',
  logLevel: 'error',
} satisfies BuildOptions;

/**
 * Writes `dist/<name>.js` and, for reading stack traces, `dist/<name>.js.map`. Leaves no process of the bundler's behind.
 */
export async function bundleServices(checkout: string): Promise<void> {
  try {
    await Promise.all(
      BUNDLES.map(({ name, entry }) =>
        build({
          ...BUNDLE_OPTIONS,
          absWorkingDir: checkout,
          entryPoints: [entry],
          outfile: bundlePath(checkout, name),
        }),
      ),
    );
  } finally {
    await stop();
  }
}

export function bundlePath(checkout: string, name: string): string {
  return join(checkout, 'dist', `${name}.js`);
}

/** Whether a bundle is missing or older than any source. */
export function isStale(checkout: string): boolean {
  const builtAt = Math.min(...BUNDLES.map(({ name }) => modifiedAt(bundlePath(checkout, name))));
  return globSync(SOURCES, { cwd: checkout }).some((path) => modifiedAt(join(checkout, path)) > builtAt);
}

function modifiedAt(path: string): number {
  return existsSync(path) ? statSync(path).mtimeMs : 0;
}
