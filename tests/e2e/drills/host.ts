// What happens to the machine, to the standard exporters, and to the existing system and the venues as seen from outside.
// Memory and disks are told by a stand-in of node_exporter: filling those of the machine would not end well. Everything
// else is real: node_exporter sees processors that are busy, blackbox_exporter asks services that fail.
import { type ChildProcess, spawn } from 'node:child_process';
import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import { createServer as createTcpServer, type Server } from 'node:net';
import { availableParallelism, setPriority } from 'node:os';
import { createServer as createTlsServer } from 'node:tls';
import type { Drill } from './drill.ts';

/** What the drills act upon; `host-alerts.test.ts` wires it. */
export interface HostSite {
  readonly machine: { used: Readonly<Record<'memory' | '/half' | '/filling' | '/full', number>> };
  readonly grafana: HttpServer;
  readonly blackbox: ChildProcess;
  /** Of the existing services, milliseconds until each answers, and whether it answers 500. */
  readonly services: Readonly<Record<'down' | 'slow' | 'failing', ExistingService>>;
  readonly routes: Readonly<Record<'unreachable' | 'slow', TlsRoute>>;
}

const GIGABYTE = 1_073_741_824;
/** Beyond a second, within what a probe waits. */
const SLOW_MS = 1_300;
const LOWEST_PRIORITY = 19;

export const hostDrills: readonly Drill<HostSite>[] = [
  {
    alerts: ['HostCpuHigh'],
    fault: 'a program for each processor does nothing but count',
    make() {
      const busy = Array.from({ length: availableParallelism() }, () => {
        const child = spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' });
        // Whatever else runs here goes first.
        if (child.pid !== undefined) setPriority(child.pid, LOWEST_PRIORITY);
        return child;
      });
      const kill = () => {
        for (const child of busy) child.kill('SIGKILL');
      };
      process.once('exit', kill);
      return kill;
    },
  },
  {
    alerts: ['HostMemoryHigh', 'HostDiskFilling', 'HostDiskFull'],
    fault: 'node_exporter (a stand-in) tells of memory used to 90 %, and of disks to 85 % and 95 %',
    make({ machine }) {
      machine.used = { memory: 0.9, '/half': 0.5, '/filling': 0.85, '/full': 0.95 };
      return undefined;
    },
  },
  {
    alerts: ['GrafanaDown'],
    fault: 'Grafana (a stand-in) ends',
    make({ grafana }) {
      closeServer(grafana);
      return undefined;
    },
  },
];

export const probeDrills: readonly Drill<HostSite>[] = [
  {
    alerts: ['ExistingServiceSlow', 'ExistingServiceFailing', 'RouteSlow'],
    fault: 'one existing service takes 1.3 s, another fails every third time, a venue takes 1.3 s for a TLS handshake',
    make({ services, routes }) {
      services.slow.waitMs = SLOW_MS;
      services.failing.failsEvery = 3;
      routes.slow.waitMs = SLOW_MS;
      return undefined;
    },
  },
  {
    alerts: ['ExistingServiceDown', 'RouteUnreachable'],
    fault: 'an existing service and a venue let nobody connect',
    make({ services, routes }) {
      closeServer(services.down.server);
      closeServer(routes.unreachable.server);
      return undefined;
    },
  },
  {
    alerts: ['HostMetricsMissing'],
    fault: 'blackbox_exporter is killed',
    make({ blackbox }) {
      blackbox.kill('SIGKILL');
      return undefined;
    },
  },
];

/** The words of node_exporter for how full things are. */
export function describeMachine({ used }: HostSite['machine']): string {
  const { memory, ...disks } = used;
  const free = (share: number) => String(Math.round((1 - share) * GIGABYTE));
  const families: readonly (readonly [string, readonly string[]])[] = [
    ['node_memory_MemTotal_bytes', [` ${GIGABYTE}`]],
    ['node_memory_MemAvailable_bytes', [` ${free(memory)}`]],
    ['node_filesystem_size_bytes', Object.keys(disks).map((mount) => `{mountpoint="${mount}"} ${GIGABYTE}`)],
    [
      'node_filesystem_avail_bytes',
      Object.entries(disks).map(([mount, share]) => `{mountpoint="${mount}"} ${free(share)}`),
    ],
  ];
  return families
    .flatMap(([name, lines]) => [`# TYPE ${name} gauge`, ...lines.map((line) => name + line), ''])
    .join('\n');
}

export interface ExistingService {
  readonly server: HttpServer;
  waitMs: number;
  /** 0: never. */
  failsEvery: number;
}

export function createExistingService(): ExistingService {
  let asked = 0;
  const service: ExistingService = {
    waitMs: 0,
    failsEvery: 0,
    server: createHttpServer((_, response) => {
      asked += 1;
      const isFailing = service.failsEvery > 0 && asked % service.failsEvery === 0;
      setTimeout(() => response.writeHead(isFailing ? 500 : 200).end('{"status":"healthy"}'), service.waitMs);
    }),
  };
  return service;
}

export interface TlsRoute {
  /** What clients connect to. */
  readonly server: Server;
  waitMs: number;
}

/** A TLS server that begins the handshake after a while. */
export function createTlsRoute(key: string, cert: string): TlsRoute {
  const tls = createTlsServer({ key, cert }, (socket) => socket.end());
  tls.on('tlsClientError', () => undefined);
  const route: TlsRoute = {
    waitMs: 0,
    server: createTcpServer((socket) => {
      socket.on('error', () => undefined);
      setTimeout(() => tls.emit('connection', socket), route.waitMs);
    }),
  };
  return route;
}

export function closeServer(server: Server | HttpServer): void {
  if ('closeAllConnections' in server) server.closeAllConnections();
  server.close();
}
