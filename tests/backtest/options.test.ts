import t from 'tap';
import { COMMAND, readOptions } from '../../backtest/options.ts';
import { createProgress } from '../../backtest/progress.ts';
import { parseCommandLine } from '../../common/command-line.ts';

const parseOptions = (args: readonly string[]) => readOptions(parseCommandLine(COMMAND, args));

t.test('has sensible defaults', async (t) => {
  t.strictSame(parseOptions(['a.jsonl']), {
    files: ['a.jsonl'],
    thresholds: [undefined],
    symbols: ['BTC', 'ETH', 'SOL'],
    hasOwnSymbols: false,
    instruments: [],
    exchange: undefined,
    symbol: undefined,
    gapMs: 3_600_000,
    rules: undefined,
    limit: 200,
  });
});

t.test('takes every option', async (t) => {
  const args = '--symbols btc,doge --exchange OKX --symbol BTC --gap 0.5 --limit 3 --instruments i --rules r f g';

  t.match(parseOptions(args.split(' ')), {
    files: ['f', 'g'],
    symbols: ['BTC', 'DOGE'],
    hasOwnSymbols: true,
    exchange: 'okx',
    symbol: 'BTC',
    gapMs: 1_800_000,
    limit: 3,
    instruments: ['i'],
    rules: 'r',
  });
});

t.test('compares one threshold file with the shipped one, and two with each other', async (t) => {
  t.strictSame(parseOptions(['--thresholds', 'a', 'f']).thresholds, [undefined, 'a']);
  t.strictSame(parseOptions(['--thresholds', 'a', '--thresholds', 'b', 'f']).thresholds, ['a', 'b']);
});

t.test('watches every symbol when told so', async (t) => {
  t.equal(parseOptions(['--symbols', 'all', 'f']).symbols, undefined);
});

const wrong = [
  { args: [], message: /no FILE/ },
  { args: ['--what', 'f'], message: /--what/ },
  { args: ['--gap', '0', 'f'], message: /--gap is 0/ },
  { args: ['--limit', 'x', 'f'], message: /--limit is x/ },
  { args: ['--exchange', 'kraken', 'f'], message: /binance, bybit, okx/ },
  { args: ['--symbols', 'B C', 'f'], message: /--symbols B C/ },
  { args: ['--thresholds', 'a', '--thresholds', 'b', '--thresholds', 'c', 'f'], message: /two files/ },
] as const;

for (const { args, message } of wrong) {
  t.test(`refuses ${args.join(' ') || 'an empty command line'} in one sentence that names the help`, async (t) => {
    t.throws(() => parseOptions(args), { code: 'USAGE', message });
    t.throws(() => parseOptions(args), { message: /^[^\n]+; see npm run backtest -- --help$/ });
  });
}

t.test('draws a bar on a terminal, each state once, and clears it', async (t) => {
  const written: string[] = [];
  const progress = createProgress({ isTTY: true, write: (text) => written.push(text) });
  const onProgress = progress.phase('reading');

  onProgress(1, 2);
  onProgress(1, 2);
  onProgress(0, 0);
  progress.done();

  t.equal(written.length, 3);
  t.match(written[0], /reading.*█{15}░{15} {2}50 %/);
  t.match(written[1], /100 %/);
  t.match(written[2], /2K$/);
});

t.test('writes nothing where no terminal is', async (t) => {
  const progress = createProgress({ write: () => t.fail('wrote') });

  progress.phase('reading')(1, 2);
  progress.done();
});
