// Binance: everything the exporter must know of it. USD-M (`linear`, host fapi) and COIN-M (`inverse`, host dapi) are two
// products with the same REST paths, whose liquidations come on one stream.
import { isList, isRecord } from '../../../common/json-shape.ts';
import type { Instrument } from '../../catalogue/instruments.ts';
import type { Venue, VenueRest, VenueUrls } from '../venue.ts';
import { readContractName } from './contract-name.ts';
import { parseKnownFrame } from './liquidation-frame.ts';
import { mapMessage } from './messages.ts';
import { binanceProtocol } from './protocol.ts';
import { mapInstruments, mapMarkPrices, mapOpenInterest } from './rest-answers.ts';

export const binance: Venue = {
  name: 'binance',
  displayName: 'Binance',
  // The largest order of each contract and second.
  isSampled: true,
  addresses: {
    websocket: { variable: 'BINANCE_WS_URL', url: 'wss://fstream.binance.com/market' },
    rest: { variable: 'BINANCE_REST_URL', url: 'https://fapi.binance.com' },
    coinMarginedRest: { variable: 'BINANCE_COINM_REST_URL', url: 'https://dapi.binance.com' },
  },
  throttleCodes: [],
  isCovered: ({ margin, quote }) => margin === 'inverse' || quote === 'USDT',
  needsCallPerContract: true,
  streamsMarkPrices: false,
  parseKnownFrame,
  mapMessage,
  readContractName,
  isOwnMessage: (message) =>
    isList(message) || (isRecord(message) && (message.e !== undefined || message.stream !== undefined)),
  protocol: binanceProtocol,
  rest,
};

const MARGINS: readonly Instrument['margin'][] = ['linear', 'inverse'];

function rest(urls: VenueUrls): VenueRest {
  const base = (margin: Instrument['margin']) =>
    margin === 'linear' ? `${urls.first('rest')}/fapi/v1` : `${urls.first('coinMarginedRest')}/dapi/v1`;
  const marksUrl = (margin: Instrument['margin']) => `${base(margin)}/premiumIndex`;
  return {
    contractLists: MARGINS.map((margin) => ({
      name: margin === 'linear' ? 'USD-M' : 'COIN-M',
      mayBeEmpty: false,
      url: () => `${base(margin)}/exchangeInfo`,
      mapContracts: (answer) => mapInstruments(answer, margin),
      marksUrl: marksUrl(margin),
      mapMarkPrices,
    })),
    openInterest: (contracts) =>
      contracts.map(({ margin, instrumentId }) => ({
        url: `${base(margin)}/openInterest?symbol=${encodeURIComponent(instrumentId)}`,
        map: mapOpenInterest,
      })),
    markPrices: MARGINS.map((margin) => ({ url: marksUrl(margin), map: mapMarkPrices })),
  };
}
