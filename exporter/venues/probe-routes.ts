// Where a venue must be reachable, as targets for Prometheus' probes: host and port of its websocket.
import type { Venue } from './venue.ts';

export interface ProbeRoute {
  readonly targets: readonly string[];
  readonly labels: { readonly route: string };
}

export function probeRoutes(venues: readonly Pick<Venue, 'name' | 'addresses'>[]): readonly ProbeRoute[] {
  return venues.map(({ name, addresses }) => {
    const { hostname, port } = new URL(addresses.websocket?.url.split(',')[0] ?? '');
    return { targets: [`${hostname}:${port || '443'}`], labels: { route: name } };
  });
}
