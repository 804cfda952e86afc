// A made-up venue, as a venue's folder would hold it: one all-market websocket whose liquidations need no subscription, and
// one REST answer for everything. What it sends is its own, and nothing else in the exporter knows it.
import { field, listOf } from '../../../common/json-shape.ts';
import type { MapContext } from '../../../exporter/catalogue/contract-list.ts';
import type { MappedMessage } from '../../../exporter/events.ts';
import { CatalogueBuilder } from '../../../exporter/venues/mapping/catalogue-builder.ts';
import { MessageBuilder } from '../../../exporter/venues/mapping/message-builder.ts';
import { readNumber } from '../../../exporter/venues/mapping/numeric.ts';
import type { Venue, VenueRest, VenueUrls } from '../../../exporter/venues/venue.ts';

export const mercato: Venue = {
  name: 'mercato',
  displayName: 'MerCato',
  isSampled: true,
  addresses: {
    websocket: { variable: 'MERCATO_WS_URL', url: 'wss://stream.mercato.example/all' },
    rest: { variable: 'MERCATO_REST_URL', url: 'https://api.mercato.example' },
  },
  throttleCodes: [],
  isCovered: () => true,
  needsCallPerContract: false,
  streamsMarkPrices: false,
  parseKnownFrame: () => undefined,
  mapMessage,
  readContractName: () => undefined,
  isOwnMessage: (message) => field(message, 'kind') !== undefined,
  protocol: (bases) => ({
    exchange: 'mercato',
    plan: (contracts) =>
      contracts.length === 0
        ? []
        : [
            {
              name: 'all',
              urls: bases,
              controlTopics: [],
              topics: [],
              carriesWatched: true,
              contracts: contracts.length,
            },
          ],
    batchSize: 1,
    subscribeFrame: () => '',
    readControl: () => undefined,
    barePong: undefined,
    keepAlive: undefined,
    lifetimeMs: undefined,
    mayReplay: false,
  }),
  rest,
};

/** `{kind:'closed',id,position,size,price,at}` and, every second, `{kind:'mark',id,price,at}`. */
function mapMessage(message: unknown, context: MapContext): MappedMessage {
  const builder = new MessageBuilder('mercato', context);
  builder.noteSentTime(field(message, 'sent'));
  const contract = builder.findInstrument(field(message, 'id'));
  if (!contract) return builder;
  if (field(message, 'kind') === 'mark') builder.addMarkPrice(contract, field(message, 'price'));
  else {
    const side = field(message, 'position') === 'long' ? 'long' : 'short';
    builder.addLiquidation(contract, side, field(message, 'size'), field(message, 'price'), field(message, 'at'));
  }
  return builder;
}

function rest(urls: VenueUrls): VenueRest {
  const contractsUrl = `${urls.first('rest')}/contracts`;
  const mapRows = (add: (builder: MessageBuilder, row: unknown) => void) => (answer: unknown, context: MapContext) => {
    const builder = new MessageBuilder('mercato', context);
    for (const row of listOf(answer)) add(builder, row);
    return builder;
  };
  const mapMarkPrices = mapRows((builder, row) => {
    const contract = builder.findListed(field(row, 'id'));
    if (contract) builder.addMarkPrice(contract, field(row, 'price'));
  });
  const mapOpenInterest = mapRows((builder, row) => {
    const contract = builder.findListed(field(row, 'id'));
    if (contract) builder.addOpenInterest(contract, field(row, 'openInterest'));
  });
  return {
    contractLists: [
      {
        name: 'everything',
        mayBeEmpty: false,
        url: () => contractsUrl,
        mapContracts(answer) {
          const builder = new CatalogueBuilder('mercato');
          for (const row of listOf(answer)) {
            const [instrumentId, base, quote] = [field(row, 'id'), field(row, 'base'), field(row, 'quote')];
            const contractValue = readNumber(field(row, 'lot'));
            builder.add({ instrumentId, base, quote, isPerpetual: true, margin: 'linear', contractValue });
          }
          return builder;
        },
        marksUrl: contractsUrl,
        mapMarkPrices,
      },
    ],
    openInterest: () => [{ url: contractsUrl, map: mapOpenInterest }],
    markPrices: [{ url: contractsUrl, map: mapMarkPrices }],
  };
}
