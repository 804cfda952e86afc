// The network between the members of an Alertmanager cluster, as something that can be cut: each member listens on a port
// of its own and tells the others a port of this gate, which passes datagrams and connections on, or does not. Needs no
// rights on the machine, unlike network namespaces, and cuts just what a broken cable would.
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { connect, createServer, type Socket as Stream } from 'node:net';
import type { Test } from 'tap';

export interface GossipGate {
  /** The port that others reach a member at, by the order of members. */
  readonly outsidePorts: readonly number[];
  /** Nothing passes between this member and the others. */
  cutOff(member: number): void;
  heal(): void;
  /** Datagrams that were kept back. */
  readonly dropped: () => number;
}

/** @param insidePorts where the members listen themselves */
export async function openGossipGate(t: Test, insidePorts: readonly number[]): Promise<GossipGate> {
  const outsidePorts: number[] = [];
  const streams = new Set<Stream>();
  let isolated: number | undefined;
  let dropped = 0;

  /** Members send datagrams from the port they listen on, so that the sender is known. */
  const mayPass = (senderPort: number, receiver: number) =>
    isolated === undefined || (receiver !== isolated && senderPort !== insidePorts[isolated]);

  for (const [receiver, insidePort] of insidePorts.entries()) {
    const server = createServer((incoming) => {
      // Who connects is not known by its port: while one is cut off, none of the larger exchanges takes place.
      if (isolated !== undefined) return incoming.destroy();
      const outgoing = connect(insidePort, '127.0.0.1');
      for (const [from, to] of [
        [incoming, outgoing],
        [outgoing, incoming],
      ] as const) {
        streams.add(from);
        from.on('error', () => to.destroy());
        from.on('close', () => streams.delete(from) && to.destroy());
        from.pipe(to);
      }
      return undefined;
    });
    const { port, socket } = await listenBoth(server);
    socket.on('message', (message, { port: senderPort }) => {
      if (mayPass(senderPort, receiver)) socket.send(message, insidePort, '127.0.0.1');
      else dropped += 1;
    });
    outsidePorts.push(port);
    t.teardown(async () => {
      for (const stream of streams) stream.destroy();
      socket.close();
      await new Promise((resolve) => server.close(resolve));
    });
  }
  return {
    outsidePorts,
    cutOff(member) {
      isolated = member;
      for (const stream of streams) stream.destroy();
    },
    heal() {
      isolated = undefined;
    },
    dropped: () => dropped,
  };
}

/** The same number for streams and datagrams: a member tells only one. */
async function listenBoth(server: ReturnType<typeof createServer>): Promise<{ port: number; socket: Socket }> {
  for (let tries = 0; tries < 20; tries += 1) {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const socket = createSocket('udp4');
    try {
      socket.bind(port, '127.0.0.1');
      await once(socket, 'listening');
      socket.on('error', () => undefined);
      return { port, socket };
    } catch {
      socket.close();
      await new Promise((resolve) => server.close(resolve));
    }
  }
  throw new Error('no port is free for streams and datagrams alike');
}
