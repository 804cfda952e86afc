import t from 'tap';
import { VENUES } from '../../../exporter/venues/registry.ts';
import { ownUrls } from '../../../exporter/venues/venue.ts';

t.test('every venue has a name of its own, and variables that no other has', async (t) => {
  const names = VENUES.map(({ name }) => name);
  t.equal(new Set(names).size, names.length);
  t.ok(
    names.every((name) => /^[a-z0-9]+$/.test(name)),
    `${names}: lower case, since they are label values`,
  );
  const variables = VENUES.flatMap(({ addresses }) => Object.values(addresses).map(({ variable }) => variable));
  t.equal(new Set(variables).size, variables.length);
});

t.test('every protocol bears the name of its venue, and asks only addresses that the venue names', async (t) => {
  for (const venue of VENUES) {
    const urls = ownUrls(venue);
    t.equal(venue.protocol(urls.all('websocket')).exchange, venue.name);
    const { contractLists, markPrices } = venue.rest(urls);
    const own = Object.values(venue.addresses).flatMap(({ url }) => url.split(','));
    for (const url of [...contractLists.map(({ url }) => url(undefined)), ...markPrices.map(({ url }) => url)]) {
      t.ok(
        own.some((address) => url.startsWith(address)),
        url,
      );
    }
  }
});
