// The simulator of the existing service answers in its shapes, its failures included.
import t from 'tap';
import { answerOf } from '../../../simulators/existing-system/answers.ts';

t.test('a symbol without markets fails with status 200, as the service does', async (t) => {
  for (const [body, base] of [
    [{ base_symbol: 'DOGE' }, 'DOGE'],
    [{ base_symbol: 5 }, null],
    [{}, null],
    [undefined, null],
    ['text', null],
  ] as const) {
    t.match(answerOf('POST', '/multi_oi', body), { status: 200, body: { success: false, base_symbol: base } });
  }
});

t.test('a known symbol is answered for every venue', async (t) => {
  t.match(answerOf('POST', '/multi_oi', { base_symbol: 'ETH' }), {
    status: 200,
    body: { success: true, base_symbol: 'ETH', exchange_breakdown: { length: 3 } },
  });
});

t.test('other methods and paths are not found', async (t) => {
  t.match(answerOf('GET', '/multi_oi', undefined), { status: 404 });
  t.match(answerOf('POST', '/nowhere', {}), { status: 404 });
  t.match(answerOf('GET', '/health', undefined), { status: 200, body: { status: 'healthy' } });
});
