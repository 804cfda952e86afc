import t from 'tap';
import { EXCHANGES } from '../../../exporter/events.ts';
import { MAPPERS } from '../../../exporter/venues/registry.ts';

t.test('every venue has the mapper that bears its name', async (t) => {
  for (const exchange of EXCHANGES) t.equal(MAPPERS[exchange].exchange, exchange);
});
