// The made-up venue's server: sends to everybody, answers one path.
import { startSimulator } from '../../../simulators/venues/simulator-base.ts';
import type { SimulatorOptions, VenueSimulator } from '../../../simulators/venues/venue-simulator.ts';

const CONTRACTS = ['BTC', 'ETH', 'SOL'].map((base, index) => ({
  instrumentId: `${base}:USDT`,
  base,
  quote: 'USDT',
  margin: 'linear' as const,
  contractValue: 0.001,
  price: [82_500, 3_000, 150][index] ?? 1,
  openInterest: 5_000_000,
}));

export function startMercatoSimulator(options: SimulatorOptions = {}): Promise<VenueSimulator> {
  return startSimulator(
    'mercato',
    {
      isWebsocketPath: (path) => path === '/all',
      onConnection() {},
      onMessage() {},
      tick(venue, connection) {
        for (const { instrumentId: id, price } of venue.contracts()) {
          venue.server.send(connection, { kind: 'mark', id, price, sent: venue.now() });
        }
      },
      liquidate(venue, orders) {
        for (const { instrumentId: id, side: position, notionalUsd = 0, price, eventTime = venue.now() } of orders) {
          const size = notionalUsd / price / venue.listed(id).contractValue;
          venue.server.broadcast({ kind: 'closed', id, position, size, price, at: eventTime, sent: venue.now() });
        }
        return orders.length;
      },
      answer: (venue, path) =>
        path === '/contracts'
          ? venue.contracts().map(({ instrumentId: id, base, quote, price, openInterest, contractValue: lot }) => {
              return { id, base, quote, price, openInterest, lot };
            })
          : undefined,
    },
    CONTRACTS,
    (host) => {
      const [websocketUrl, restUrl] = [`ws://${host}/all`, `http://${host}`];
      return { websocketUrl, restUrl, environment: { MERCATO_WS_URL: websocketUrl, MERCATO_REST_URL: restUrl } };
    },
    options,
  );
}
