import t from 'tap';
import { instrumentFromName } from '../../../backtest/input/contract-names.ts';

const known = [
  { exchange: 'binance', name: 'BTCUSDT', symbol: 'BTC', margin: 'linear', value: 1, quote: 'USDT', perpetual: true },
  { exchange: 'binance', name: 'BTCUSDC', symbol: 'BTC', margin: 'linear', value: 1, quote: 'USDC', perpetual: true },
  {
    exchange: 'binance',
    name: '1000PEPEUSDT',
    symbol: 'PEPE',
    margin: 'linear',
    value: 1,
    quote: 'USDT',
    perpetual: true,
  },
  { exchange: 'binance', name: 'BTCFDUSD', symbol: 'BTC', margin: 'linear', value: 1, quote: 'FDUSD', perpetual: true },
  { exchange: 'binance', name: 'ETHBTC', symbol: 'ETH', margin: 'linear', value: 1, quote: 'BTC', perpetual: true },
  {
    exchange: 'binance',
    name: 'BTCUSDT_250328',
    symbol: 'BTC',
    margin: 'linear',
    value: 1,
    quote: 'USDT',
    perpetual: false,
  },
  {
    exchange: 'binance',
    name: 'BTCUSD_PERP',
    symbol: 'BTC',
    margin: 'inverse',
    value: 100,
    quote: 'USD',
    perpetual: true,
  },
  {
    exchange: 'binance',
    name: 'SOLUSD_250328',
    symbol: 'SOL',
    margin: 'inverse',
    value: 10,
    quote: 'USD',
    perpetual: false,
  },
  {
    exchange: 'bybit',
    name: 'SHIB1000USDT',
    symbol: 'SHIB',
    margin: 'linear',
    value: 1,
    quote: 'USDT',
    perpetual: true,
  },
  { exchange: 'bybit', name: 'BTCPERP', symbol: 'BTC', margin: 'linear', value: 1, quote: 'USDC', perpetual: true },
  {
    exchange: 'bybit',
    name: 'BTC-27DEC24',
    symbol: 'BTC',
    margin: 'linear',
    value: 1,
    quote: 'USDC',
    perpetual: false,
  },
  {
    exchange: 'bybit',
    name: 'BTCUSDT-27DEC24',
    symbol: 'BTC',
    margin: 'linear',
    value: 1,
    quote: 'USDT',
    perpetual: false,
  },
  { exchange: 'bybit', name: 'BTCUSD', symbol: 'BTC', margin: 'inverse', value: 1, quote: 'USD', perpetual: true },
  { exchange: 'bybit', name: 'BTCUSDZ24', symbol: 'BTC', margin: 'inverse', value: 1, quote: 'USD', perpetual: false },
  {
    exchange: 'okx',
    name: 'BTC-USDT-SWAP',
    symbol: 'BTC',
    margin: 'linear',
    value: 0.01,
    quote: 'USDT',
    perpetual: true,
  },
  { exchange: 'okx', name: 'ETH-USD-SWAP', symbol: 'ETH', margin: 'inverse', value: 10, quote: 'USD', perpetual: true },
  {
    exchange: 'okx',
    name: 'BTC-USD-241227',
    symbol: 'BTC',
    margin: 'inverse',
    value: 100,
    quote: 'USD',
    perpetual: false,
  },
] as const;

for (const { exchange, name, symbol, margin, value, quote, perpetual } of known) {
  t.test(`reads ${name} of ${exchange} as ${margin} ${symbol} in ${quote}`, async (t) => {
    const instrument = instrumentFromName(exchange, name);

    t.match(instrument, { exchange, instrumentId: name, symbol, margin, quote });
    t.equal(instrument?.contractValue, value);
    t.equal(instrument?.isPerpetual, perpetual);
    t.equal(instrument?.isUsdQuoted, ['USD', 'USDT', 'USDC'].includes(quote));
  });
}

const unknown = [
  { exchange: 'binance', name: 'HELLO' },
  { exchange: 'binance', name: '' },
  { exchange: 'bybit', name: 'USDT' },
  { exchange: 'okx', name: 'DOGE-USDT-SWAP' },
  { exchange: 'okx', name: 'BTC-USDC-SWAP' },
  { exchange: 'okx', name: 'BTCUSDT' },
] as const;

for (const { exchange, name } of unknown) {
  t.test(`guesses nothing about ${JSON.stringify(name)} of ${exchange}`, async (t) => {
    t.equal(instrumentFromName(exchange, name), undefined);
  });
}
