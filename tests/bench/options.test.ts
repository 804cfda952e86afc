import t from 'tap';
import { readOptions } from '../../bench/options.ts';

t.test('options are read, with a full run of everything by default', async (t) => {
  t.same(readOptions([]), {
    isQuick: false,
    compareWith: undefined,
    only: [],
    areIntervalsTried: false,
    isDocumented: false,
  });
  t.same(readOptions(['--quick', '--only', 'a', '--only', 'b', '--compare', 'old.json', '--intervals', '--document']), {
    isQuick: true,
    compareWith: 'old.json',
    only: ['a', 'b'],
    areIntervalsTried: true,
    isDocumented: true,
  });
});

t.test('what is not understood is told with the usage', async (t) => {
  t.throws(() => readOptions(['--fast']), { code: 'BENCH_USAGE', message: /--fast[\s\S]*usage: npm run bench/ });
});
