import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import t from 'tap';
import { throwFaults } from '../../common/env.ts';
import { AppError } from '../../common/errors.ts';
import { freeAddresses } from '../../engines/free-addresses.ts';
import { checkConfigurations, checkPorts, checkRules, prepareDataDirectory } from '../../supervisor/preflight.ts';

const TABLE = readFileSync(join(import.meta.dirname, '..', '..', 'prometheus', 'thresholds.yml'), 'utf8');

t.test('shows the faults of all programs at once, each once', async (t) => {
  const loaders = [
    () => throwFaults('exporter', ['SYMBOLS: is odd', 'MONITORING_LOG_LEVEL: is odd']),
    () => throwFaults('alert-bridge', ['MONITORING_LOG_LEVEL: is odd', 'BRIDGE_PORT: is odd']),
    () => {
      throw new AppError('CONFIG_INVALID', 'cannot keep the token');
    },
  ];

  t.throws(() => checkConfigurations(loaders), {
    code: 'CONFIG_INVALID',
    message: [
      'nothing was started: 4 faults in the configuration',
      '  - SYMBOLS: is odd',
      '  - MONITORING_LOG_LEVEL: is odd',
      '  - BRIDGE_PORT: is odd',
      '  - cannot keep the token',
    ].join('\n'),
  });
});

t.test('counts a single fault in the singular', async (t) => {
  t.throws(() => checkConfigurations([() => throwFaults('exporter', ['SYMBOLS: is odd'])]), {
    message: /: 1 fault in/,
  });
});

t.test('lets a sound configuration pass, and an error of the program itself through', async (t) => {
  checkConfigurations([() => undefined]);

  t.throws(
    () =>
      checkConfigurations([
        () => {
          throw new TypeError('a bug');
        },
      ]),
    TypeError,
  );
});

t.test('refuses thresholds that make no sense, each with its line, although promtool takes them', async (t) => {
  const checkout = t.testdir({
    promtool: '#!/bin/sh\nexit 0\n',
    prometheus: { 'thresholds.yml': TABLE.replace(/(?<=cascade_count: +)5/, '0'), rules: {} },
  });
  const promtool = join(checkout, 'promtool');
  chmodSync(promtool, 0o755);

  await t.rejects(checkRules(promtool, checkout), {
    code: 'RULES_INVALID',
    message:
      /^nothing was started: 1 fault in the rules\n {2}- \S+thresholds\.yml:\d+: BTC cascade_count: 0 is too small/,
  });
  writeFileSync(join(checkout, 'prometheus', 'thresholds.yml'), TABLE);
  const said: string[] = [];
  await t.resolves(checkRules(promtool, checkout, (line) => said.push(line)));
  t.match(said, [/rules\/thresholds\.yml: rendered from/]);
});

t.test('makes every folder of the data directory', async (t) => {
  const dataDir = join(t.testdir(), 'data');

  prepareDataDirectory(dataDir);
  prepareDataDirectory(dataDir);

  t.pass('twice without complaint');
});

t.test('says in one sentence that the data directory cannot be written to', async (t) => {
  const file = join(t.testdir({ data: 'a file in the way' }), 'data');

  t.throws(() => prepareDataDirectory(file), {
    code: 'DATA_UNWRITABLE',
    message: /the data directory .+ cannot be written to \(.+\)\. Give this user .+DATA_DIR=/,
  });
});

t.test('says which port is taken and how to choose another', async (t) => {
  const addresses = await freeAddresses();
  const server = createServer();
  t.teardown(() => server.close());
  await new Promise<void>((resolve) => server.listen(addresses.prometheus.port, '127.0.0.1', resolve));

  await t.rejects(checkPorts({ addresses }), {
    code: 'PORT_UNAVAILABLE',
    message: new RegExp(
      `^port ${addresses.prometheus.port} \\(prometheus\\) on 127.0.0.1 is already in use.+PROMETHEUS_PORT=\\d+ npm start$`,
    ),
  });
});

t.test('says that a host is not this machine', async (t) => {
  const addresses = { ...(await freeAddresses()), exporter: { host: '192.0.2.1', port: 8002 } };

  await t.rejects(checkPorts({ addresses }), {
    message: /192\.0\.2\.1 \(exporter\) is not an address of this machine/,
  });
});

t.test('passes where all ports are free', async (t) => {
  await t.resolves(checkPorts({ addresses: await freeAddresses() }));
});
