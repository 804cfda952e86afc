import t from 'tap';
import { isList, isRecord, textsOf } from '../../common/json-shape.ts';
import { clipDetail, describe, describeAnswer } from '../../exporter/venues/mapping/describe.ts';

t.test('tells records from lists', async (t) => {
  t.same([{}, [], null, 'x', 7, undefined].map(isRecord), [true, false, false, false, false, false]);
  t.same([{}, [], null].map(isList), [false, true, false]);
});

t.test('keeps the entries that are text', async (t) => {
  t.same(textsOf({ a: 'x', b: 7, c: null, d: '' }), { a: 'x', d: '' });
  t.same(['x', ['x'], null, undefined].map(textsOf), [{}, {}, {}, {}]);
});

t.test('names a value in few characters and never walks into it', async (t) => {
  const nested: unknown = JSON.parse(`${'['.repeat(200_000)}${']'.repeat(200_000)}`);

  t.same([nested, {}, null, undefined, 'a"b', 7, true].map(describe), [
    'a list',
    'an object',
    'null',
    'missing',
    '"a\\"b"',
    '7',
    'true',
  ]);
  t.ok(describe('x'.repeat(10_000_000)).length < 70);
});

t.test('says what a refusal says of itself', async (t) => {
  t.equal(describeAnswer({ retCode: 10006, retMsg: 'Too many visits!' }), 'code 10006, "Too many visits!"');
  t.equal(describeAnswer({ code: '50011', msg: 'x' }), 'code "50011", "x"');
  t.equal(describeAnswer({ any: 1 }), 'an object of another shape');
  t.equal(describeAnswer(null), 'null');
});

t.test('holds a detail to 200 characters', async (t) => {
  t.equal(clipDetail('x'.repeat(200)).length, 200);
  t.equal(clipDetail('x'.repeat(201)).length, 200);
  t.ok(clipDetail('x'.repeat(201)).endsWith('…'));
});
