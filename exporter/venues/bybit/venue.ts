// Bybit: everything the exporter must know of it. Its v5 API names linear and inverse contracts as two categories.
import { isRecord } from '../../../common/json-shape.ts';
import type { Instrument } from '../../catalogue/instruments.ts';
import type { Venue, VenueRest, VenueUrls } from '../venue.ts';
import { readContractName } from './contract-name.ts';
import { parseKnownFrame } from './liquidation-frame.ts';
import { mapMessage } from './messages.ts';
import { bybitProtocol } from './protocol.ts';
import { mapInstruments, mapMarkPrices, mapOpenInterest } from './rest-answers.ts';

export const bybit: Venue = {
  name: 'bybit',
  displayName: 'Bybit',
  isSampled: false,
  addresses: {
    websocket: { variable: 'BYBIT_WS_URL', url: 'wss://stream.bybit.com/v5/public' },
    rest: { variable: 'BYBIT_REST_URL', url: 'https://api.bybit.com' },
  },
  throttleCodes: ['10006', '10018'],
  isCovered: () => true,
  needsCallPerContract: false,
  streamsMarkPrices: true,
  parseKnownFrame,
  mapMessage,
  readContractName,
  isOwnMessage: (message) => isRecord(message) && message.topic !== undefined,
  protocol: bybitProtocol,
  rest,
};

const CATEGORIES: readonly Instrument['margin'][] = ['linear', 'inverse'];

function rest(urls: VenueUrls): VenueRest {
  const market = `${urls.first('rest')}/v5/market`;
  const tickersUrl = (category: string) => `${market}/tickers?category=${category}`;
  return {
    contractLists: CATEGORIES.map((category) => ({
      name: category,
      mayBeEmpty: false,
      url(cursor) {
        const page = cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`;
        return `${market}/instruments-info?category=${category}&limit=1000${page}`;
      },
      mapContracts: (answer) => mapInstruments(answer, category),
      marksUrl: tickersUrl(category),
      mapMarkPrices,
    })),
    // One answer holds every contract of a category.
    openInterest: () => CATEGORIES.map((category) => ({ url: tickersUrl(category), map: mapOpenInterest })),
    markPrices: CATEGORIES.map((category) => ({ url: tickersUrl(category), map: mapMarkPrices })),
  };
}
