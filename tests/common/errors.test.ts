import t from 'tap';
import { AppError, assertNever, errorText } from '../../common/errors.ts';

t.test('an error carries its code, its text and its cause', async (t) => {
  const cause = new Error('refused');
  const error = new AppError('FEED_STALE', 'no data', { cause });

  t.ok(error instanceof Error);
  t.match(error, { name: 'AppError', code: 'FEED_STALE', message: 'no data' });
  t.equal(error.cause, cause);
});

t.test('an impossible state throws', async (t) => {
  // @ts-expect-error that nothing is left is what the type says
  t.throws(() => assertNever('fourth venue'), {
    code: 'IMPOSSIBLE_STATE',
    message: 'impossible value: "fourth venue"',
  });
});

t.test('anything that was thrown has a text', async (t) => {
  t.same([new Error('a'), 'b', 7, undefined].map(errorText), ['a', 'b', '7', 'undefined']);
});
