// Runs in a container of the compose test: the three venues, Telegram, and an existing service that says it is well. The
// test tells it over HTTP on port 9100 what to play and reads the messages there.
import { createServer as createHttpServer } from 'node:http';
import { connect, createServer as createTcpServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { startTelegramSimulator } from '../../../simulators/telegram/telegram-simulator.ts';
import { startBinanceSimulator } from '../../../simulators/venues/binance.ts';
import { startBybitSimulator } from '../../../simulators/venues/bybit.ts';
import { startOkxSimulator } from '../../../simulators/venues/okx.ts';
import { cascade } from '../../e2e/orders.ts';

const PORTS = { binance: 9101, bybit: 9102, okx: 9103, telegram: 9104 } as const;

const [binance, bybit, okx, telegram] = await Promise.all([
  startBinanceSimulator({ port: PORTS.binance }),
  startBybitSimulator({ port: PORTS.bybit }),
  startOkxSimulator({ port: PORTS.okx }),
  startTelegramSimulator({ port: PORTS.telegram }),
]);
const all = [binance, bybit, okx];
const venues = { binance, bybit, okx, all, environment: () => ({}), close: async () => undefined };

// Stand-ins listen on loopback only; here other containers must reach them, so their ports are passed on.
const addresses = Object.values(networkInterfaces())
  .flatMap((entries) => entries ?? [])
  .filter(({ family, internal }) => family === 'IPv4' && !internal)
  .map(({ address }) => address);
for (const address of addresses) {
  for (const port of Object.values(PORTS)) {
    createTcpServer((outside) => {
      const inside = connect(port, '127.0.0.1');
      outside.on('error', () => inside.destroy());
      inside.on('error', () => outside.destroy());
      outside.pipe(inside).pipe(outside);
    }).listen(port, address);
  }
}

// The existing system's market-data service, as far as probes and the exporter ask it.
createHttpServer((request, response) => {
  response.setHeader('content-type', 'application/json');
  const isHealth = request.url === '/health';
  response.end(JSON.stringify(isHealth ? { status: 'healthy', service: 'market-data' } : MULTI_OI));
}).listen(8001, '0.0.0.0');

const MULTI_OI = {
  success: true,
  base_symbol: 'BTC',
  timestamp: new Date().toISOString(),
  total_markets: 1,
  aggregated_oi: { total_tokens: 1, total_usd: 82_500, exchanges_count: 1 },
  exchange_breakdown: [
    {
      exchange: 'binance',
      oi_tokens: 1,
      oi_usd: 82_500,
      markets: 1,
      market_breakdown: [{ type: 'USDT', symbol: 'BTCUSDT', oi_tokens: 1, oi_usd: 82_500, price: 82_500 }],
    },
  ],
};

createHttpServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://simulators');
  const number = (name: string) => Number(url.searchParams.get(name) ?? 0);
  if (url.pathname === '/cascade') {
    const symbol = url.searchParams.get('symbol') ?? 'BTC';
    cascade(venues, { symbol, longs: number('longs'), shorts: number('shorts'), usd: number('usd') });
    response.end('played');
  } else if (url.pathname === '/connections') {
    response.end(JSON.stringify(all.map(({ exchange, connections }) => ({ exchange, open: connections.length }))));
  } else {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(telegram.messages));
  }
}).listen(9100, '0.0.0.0', () => console.log('simulators are up'));

process.on('SIGTERM', () => process.exit(0));
