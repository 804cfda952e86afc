// OKX: everything the exporter must know of it. Linear and inverse contracts come in one list for each kind.
import { isRecord } from '../../../common/json-shape.ts';
import type { Venue, VenueRest, VenueUrls } from '../venue.ts';
import { readContractName } from './contract-name.ts';
import { parseKnownFrame } from './liquidation-frame.ts';
import { mapMessage } from './messages.ts';
import { okxProtocol } from './protocol.ts';
import { mapInstruments, mapMarkPrices, mapOpenInterest } from './rest-answers.ts';

export const okx: Venue = {
  name: 'okx',
  displayName: 'OKX',
  isSampled: false,
  addresses: {
    // Port 8443 is the documented one and was reported refused since 2026-10-31; both are tried in turn.
    websocket: { variable: 'OKX_WS_URL', url: 'wss://ws.okx.com/ws/v5/public,wss://ws.okx.com:8443/ws/v5/public' },
    rest: { variable: 'OKX_REST_URL', url: 'https://www.okx.com' },
  },
  throttleCodes: ['50011'],
  isCovered: () => true,
  needsCallPerContract: false,
  streamsMarkPrices: false,
  parseKnownFrame,
  mapMessage,
  readContractName,
  isOwnMessage: (message) => isRecord(message) && isRecord(message.arg),
  protocol: okxProtocol,
  rest,
};

function rest(urls: VenueUrls): VenueRest {
  const publicData = `${urls.first('rest')}/api/v5/public`;
  const marksUrl = `${publicData}/mark-price?instType=SWAP`;
  return {
    contractLists: ['SWAP', 'FUTURES'].map((kind) => ({
      name: kind,
      mayBeEmpty: kind === 'FUTURES',
      url: () => `${publicData}/instruments?instType=${kind}`,
      mapContracts: mapInstruments,
      marksUrl: kind === 'SWAP' ? marksUrl : undefined,
      mapMarkPrices,
    })),
    openInterest: () => [{ url: `${publicData}/open-interest?instType=SWAP`, map: mapOpenInterest }],
    markPrices: [{ url: marksUrl, map: mapMarkPrices }],
  };
}
