import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import Type from 'typebox';
import { readEnv, throwFaults } from '../../common/env.ts';

const Schema = Type.Object({
  PORT: Type.Integer({ minimum: 1, default: 8003 }),
  MODE: Type.Optional(Type.Union([Type.Literal('on'), Type.Literal('off')])),
  TOKEN: Type.Optional(Type.String({ minLength: 6 })),
});

t.test('reads, trims and converts what the schema names, and nothing else', async (t) => {
  const { values, faults } = readEnv(Schema, { PORT: ' 9000 ', MODE: 'on', HOME: '/root' });

  t.strictSame({ ...values }, { PORT: 9000, MODE: 'on' });
  t.same(faults, []);
});

t.test('an empty value counts as absent', async (t) => {
  t.strictSame({ ...readEnv(Schema, { PORT: '', MODE: '  ' }).values }, { PORT: 8003 });
});

t.test('gathers every fault, with the variable and what it holds', async (t) => {
  const { values, faults } = readEnv(Schema, { PORT: 'x', MODE: 'maybe' });

  t.equal(values, undefined);
  t.ok(
    faults.some((fault) => fault.startsWith('PORT: must be integer (it is "x")')),
    faults.join('\n'),
  );
  t.ok(
    faults.some((fault) => fault.startsWith('MODE: ') && fault.includes('"maybe"')),
    faults.join('\n'),
  );
});

t.test('a required variable that is missing is named', async (t) => {
  const { faults } = readEnv(Type.Object({ DATA_DIR: Type.String() }), {});

  t.match(faults, [/^DATA_DIR: /]);
});

t.test('a secret may come from its file, trimmed', async (t) => {
  const path = join(t.testdir({ token: '1:test-token\n' }), 'token');

  t.equal(readEnv(Schema, { TOKEN_FILE: path }, ['TOKEN']).values?.TOKEN, '1:test-token');
});

t.test('only what is listed as a secret has a file twin', async (t) => {
  const path = join(t.testdir({ port: '9000' }), 'port');

  t.equal(readEnv(Schema, { PORT_FILE: path }, ['TOKEN']).values?.PORT, 8003);
});

t.test('a secret given twice, in an empty file or in none is a fault', async (t) => {
  const folder = t.testdir({ empty: ' \n' });
  const path = join(folder, 'token');
  writeFileSync(path, 'x');

  t.match(readEnv(Schema, { TOKEN: '1:test-token', TOKEN_FILE: path }, ['TOKEN']).faults, [
    'TOKEN and TOKEN_FILE are both set: keep one of them',
  ]);
  t.match(readEnv(Schema, { TOKEN_FILE: join(folder, 'empty') }, ['TOKEN']).faults, [/^TOKEN_FILE: .* is empty$/]);
  const missing = readEnv(Schema, { TOKEN_FILE: join(folder, 'none') }, ['TOKEN']);
  t.match(missing.faults, [/^TOKEN_FILE: cannot read .*none/]);
  t.equal(missing.values, undefined);
});

t.test('the fault of a secret does not tell the secret', async (t) => {
  const { faults } = readEnv(Schema, { TOKEN: 'hush' }, ['TOKEN']);

  t.equal(faults.length, 1);
  t.notMatch(faults.join(), 'hush');
});

t.test('no fault, no error; faults make one message', async (t) => {
  t.doesNotThrow(() => throwFaults('bridge', []));
  t.throws(() => throwFaults('bridge', ['A: x']), {
    code: 'CONFIG_INVALID',
    message: 'bridge cannot start: 1 fault in its configuration\n  - A: x',
  });
  t.throws(() => throwFaults('bridge', ['A: x', 'B: y']), { message: /2 faults.*\n {2}- A: x\n {2}- B: y/ });
});
