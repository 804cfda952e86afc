// The files that put the bridge together are read from top to bottom: nothing in a function uses a constant that the function
// declares further down, not even inside a closure, which the linter lets pass.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';

const BRIDGE = join(import.meta.dirname, '../../alert-bridge');

/**
 * Constants of a function (formatted, so indented by two) whose name stands above their declaration in the same function.
 * A name counts wherever it could be a value: not as `name:` or `.name`, nor in a comment or a text in quotes.
 */
function usedBeforeDeclared(source: string): readonly string[] {
  const code = source.replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:[^'\\\n]|\\.)*'/g, (text) =>
    text.replace(/[^\n]/g, ' '),
  );
  return code.split(/^(?=(?:export )?(?:async )?function )/m).flatMap((body) =>
    [...body.matchAll(/^ {2}(?:const|let) (\w+|\{[^}]*\}|\[[^\]]*\])/gm)].flatMap(({ index, 1: pattern = '' }) => {
      const above = body.slice(0, index);
      // In `{ a: b, c = 1 }` the names are b and c.
      const names = [...pattern.matchAll(/(\w+)(?=\s*(?:[,}\]=]|$))/g)].map(([, name = '']) => name);
      return names.filter((name) => new RegExp(`(?<![.\\w])${name}\\b(?!:)`).test(above));
    }),
  );
}

t.test('the check sees a name inside a closure, and takes nothing else for one', async (t) => {
  const body = (...lines: readonly string[]) => ['function f() {', ...lines.map((line) => `  ${line}`), '}'].join('\n');
  t.same(usedBeforeDeclared(body('const a = () => b.c();', 'const b = 1;')), ['b']);
  t.same(usedBeforeDeclared(body('const a = { b };', 'const { b, c } = x;')), ['b']);
  t.same(usedBeforeDeclared(body('const a = () => [b];', 'let [b] = x;')), ['b']);
  t.same(usedBeforeDeclared(body('const a = { b: 1, c: d.b };', '// b', "say('b');", 'const b = 1;')), []);
  t.same(usedBeforeDeclared(`${body('const a = b;')}\n${body('const b = 1;')}`), [], 'another function');
});

for (const file of globSync('*.ts', { cwd: BRIDGE })) {
  t.test(`${file} uses nothing that is declared below`, async (t) => {
    t.same(usedBeforeDeclared(readFileSync(join(BRIDGE, file), 'utf8')), []);
  });
}
