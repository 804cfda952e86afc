// Real Prometheus and Alertmanager with the shipped configuration between a scripted exporter and a listening bridge.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Test } from 'tap';
import { findEngines } from '../../engines/find-engines.ts';
import { freeAddresses } from '../../engines/free-addresses.ts';
import { renderConfig } from '../../engines/render-config.ts';
import { loadNativeSettings, portVariables } from '../../engines/stack-settings.ts';
import { serviceSpecs } from '../../supervisor/commands.ts';
import { prepareDataDirectory } from '../../supervisor/preflight.ts';
import { webhookTokenFile } from '../../supervisor/secrets.ts';
import { waitUntil } from '../support/waiting.ts';

const CHECKOUT = join(import.meta.dirname, '..', '..');

/** One alert of one webhook, in the order of arrival: `firing LiquidationCascade BTC 4`. */
export type Notice = string;

export interface RunningEngines {
  /** What the exporter shows from now on, in Prometheus' text format. */
  show(metrics: string): void;
  readonly notices: readonly Notice[];
  /** Tells Alertmanager of alerts that no rule has raised, by their labels. */
  raise(...labels: readonly Readonly<Record<string, string>>[]): Promise<void>;
  /** The credentials the bridge was called with. */
  readonly credentials: ReadonlySet<string>;
  query(expression: string): Promise<number>;
}

export async function startEngines(t: Test): Promise<RunningEngines> {
  const addresses = await freeAddresses();
  const environment = {
    PATH: process.env.PATH,
    DATA_DIR: join(t.testdir(), 'data'),
    BRIDGE_WEBHOOK_TOKEN: 'test-token',
    ...portVariables(addresses),
  };
  const settings = loadNativeSettings(environment, CHECKOUT);
  prepareDataDirectory(settings.dataDir);
  const engines = await findEngines({ cacheDir: join(CHECKOUT, '.cache'), log: (line) => t.comment(line) });
  const tokenFile = webhookTokenFile(environment, settings.dataDir);
  const config = renderConfig(settings, tokenFile);
  const specs = serviceSpecs({ settings, engines, config, environment, webhookTokenFile: tokenFile });

  let metrics = '';
  const notices: Notice[] = [];
  const credentials = new Set<string>();
  const exporter = createServer((_, response) => response.end(metrics));
  const bridge = createServer(async (request, response) => {
    // Prometheus scrapes the bridge too.
    if (request.method !== 'POST') return response.end();
    credentials.add(request.headers.authorization ?? 'none');
    for (const { status, labels } of JSON.parse(await text(request)).alerts) {
      notices.push([status, labels.alertname, labels.symbol, labels.tier].join(' ').trim());
    }
    return response.end();
  });
  await listen(t, exporter, addresses.exporter.port);
  await listen(t, bridge, addresses['alert-bridge'].port);
  for (const { command, args, env } of [specs.alertmanager, specs.prometheus]) {
    const child = spawn(command, args, { env, stdio: 'ignore' });
    t.teardown(async () => {
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    });
  }
  const base = `http://127.0.0.1:${addresses.prometheus.port}/api/v1/query?query=`;
  const query = async (expression: string): Promise<number> => {
    const answer = JSON.parse(await (await fetch(base + encodeURIComponent(expression))).text());
    return Number(answer.data.result[0]?.value[1] ?? 0);
  };
  await waitUntil('Prometheus answers', () => query('count(up)').then(Boolean, () => false), 60_000);
  await waitUntil('Alertmanager answers', () => query('up{job="alertmanager"}').then(Boolean, () => false), 60_000);
  const raise: RunningEngines['raise'] = async (...labels) => {
    const response = await fetch(`http://127.0.0.1:${addresses.alertmanager.port}/api/v2/alerts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(labels.map((each) => ({ labels: each }))),
    });
    if (!response.ok) throw new Error(`Alertmanager answers ${response.status}: ${await response.text()}`);
  };
  return { show: (next) => (metrics = next), notices, raise, credentials, query };
}

async function listen(t: Test, server: Server, port: number): Promise<void> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
}
