import t from 'tap';
import { replaceFigures } from '../../bench/document.ts';
import { resultOf } from '../../bench/results.ts';

const facts = { host: 'two cores', command: 'npm run bench', date: '2026-11-21 12:00', warning: undefined };
const results = [
  resultOf('scrape_alerting_p99_ms', { runs: [9, 8] }),
  resultOf('memory_pss_mb', { runs: [100] }),
  resultOf('startup_ms', { runs: [], reason: 'no engine' }),
];

t.test('the figures between the marks are replaced, and nothing around them', async (t) => {
  const document = '# Speed\n<!-- figures: begin -->\nold\n<!-- figures: end -->\nwhy\n';
  const replaced = replaceFigures(document, results, facts);
  t.match(replaced, /^# Speed\n/);
  t.match(replaced, /\nwhy\n$/);
  t.notMatch(replaced, /old/);
  t.match(replaced, /`scrape_alerting_p99_ms` \| 8\.5 \| ≤ 10 \| ms \| met \| 2 \|/);
  t.match(replaced, /`memory_pss_mb` \| 100 \| ≤ 90 \| MB \| \*\*missed\*\* \| 1 \|/);
  t.match(replaced, /`startup_ms` \| – \| – \| ms \| {2}\| 0 \| not measured: no engine \|/);
  t.equal(replaceFigures(replaced, results, facts), replaced, 'and again to the same');
});

t.test('a busy machine is named beside its figures', async (t) => {
  const document = '<!-- figures: begin --><!-- figures: end -->';
  t.match(replaceFigures(document, [], { ...facts, warning: 'the machine is busy' }), /Beware: the machine is busy/);
});

t.test('a document without the marks is refused', async (t) => {
  for (const document of ['', '<!-- figures: begin -->', '<!-- figures: end --><!-- figures: begin -->']) {
    t.throws(() => replaceFigures(document, results, facts), { code: 'BENCH_DOCUMENT_INVALID' });
  }
});
