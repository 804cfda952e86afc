// Baselines of a simulator of the existing system, their comparison, and the reports.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { captureBaseline, readBaseline, writeBaseline } from '../../../operations/validation/baseline.ts';
import { type Validation, verdictOf } from '../../../operations/validation/checkpoint.ts';
import { toHtml } from '../../../operations/validation/html-report.ts';
import { compareShapes, mergeShapes, shapeOf } from '../../../operations/validation/json-shape.ts';
import { toJunit } from '../../../operations/validation/junit-report.ts';
import { compareBaselines } from '../../../operations/validation/regression.ts';
import { startExistingSystem } from '../../../simulators/existing-system/existing-system-simulator.ts';

const never = new AbortController().signal;

async function openExisting(t: Test) {
  const existing = await startExistingSystem({ serviceMs: 1 });
  t.teardown(() => existing.close());
  const capture = () => captureBaseline({ url: existing.url, samples: 3, pauseMs: 0, signal: never });
  return { existing, capture };
}

const answersOf = (findings: ReturnType<typeof compareBaselines>) =>
  findings.filter(({ name }) => name.endsWith('answers'));

t.test('an unchanged service is found unchanged, also from a file', async (t) => {
  const { existing, capture } = await openExisting(t);
  const path = join(t.testdir(), 'deep', 'baseline.json');
  writeBaseline(path, await capture());
  const answers = answersOf(compareBaselines(readBaseline(path), await capture()));
  t.equal(answers.length, 8);
  t.ok(answers.every(({ level }) => level === 'ok'));
  t.ok(existing.requests.every(({ method, path: asked }) => method === 'POST' || asked === '/health'));
});

for (const [words, change, expected] of [
  ['another status', (answer: { body: unknown }) => ({ ...answer, status: 500 }), /status was 200 and is 500/],
  ['a field that is gone', () => ({ status: 200, body: { success: true } }), /\$\.data is gone/],
  [
    'a field of another kind',
    () => ({ status: 200, body: { success: 'yes', data: { symbol: 'x', price: 1, change_24h: 1 } } }),
    /\$\.success was boolean and is string/,
  ],
] as const) {
  t.test(`${words} is told`, async (t) => {
    const { existing, capture } = await openExisting(t);
    const before = await capture();
    existing.setAnswer('/price', change);
    const findings = answersOf(compareBaselines(before, await capture()));
    t.same(
      findings.filter(({ level }) => level === 'critical').map(({ name }) => name),
      ['price answers'],
    );
    t.match(findings.find(({ name }) => name === 'price answers')?.detail, expected);
  });
}

t.test('few samples are not called certain, and twice the time is called slower', async (t) => {
  const { existing, capture } = await openExisting(t);
  const few = compareBaselines(await capture(), await capture()).filter(({ name }) => name.endsWith('latency'));
  t.ok(few.every(({ level, detail }) => level === 'warning' && /3 samples a side are too few/.test(detail)));
  const many = () => captureBaseline({ url: existing.url, samples: 20, pauseMs: 0, signal: never });
  const before = await many();
  existing.setServiceMs(60);
  const slower = compareBaselines(before, await many()).find(({ name }) => name === 'price latency');
  t.match(slower, { level: 'critical', detail: /^slower: \+\d/ });
  t.notMatch(slower?.detail, /smallest change this run can see \+0\.0 %/);
});

t.test('what is no service and what is no baseline is said', async (t) => {
  await t.rejects(captureBaseline({ url: 'http://127.0.0.1:9', samples: 1, pauseMs: 0, signal: never }), {
    code: 'EXISTING_UNKNOWN',
  });
  const folder = t.testdir();
  writeFileSync(join(folder, 'other.json'), '{}');
  for (const name of ['other.json', 'nowhere.json']) {
    t.throws(() => readBaseline(join(folder, name)), { code: 'BASELINE_UNREADABLE', message: /capture_baseline\.sh/ });
  }
});

t.test('shapes ignore values, order and length, and notice kinds', async (t) => {
  const before = mergeShapes([shapeOf({ a: 1, list: [{ b: 'x' }, { b: null }] }), shapeOf({ a: 2, list: [] })]);
  t.same(before, {
    $: 'object',
    '$.a': 'number',
    '$.list': 'array',
    '$.list[]': 'object',
    '$.list[].b': 'null|string',
  });
  t.same(compareShapes(before, shapeOf({ list: [{ b: 'y' }], a: 99 })), []);
  t.same(compareShapes(before, shapeOf({ list: [], a: 1 })), [], 'an empty list hides its items');
  t.same(compareShapes(before, shapeOf({ list: [{ b: true }], a: 1 })), ['$.list[].b was null|string and is boolean']);
  t.same(compareShapes(before, shapeOf({ a: 1, list: [{ b: 'x' }], extra: {} })), ['$.extra is new (object)']);
});

const validation: Validation = {
  startedAt: '2026-11-20T09:30:00.000Z',
  commit: undefined,
  mode: 'native',
  checks: [
    { checkpoint: 'pre-deployment', name: 'ports', level: 'ok', detail: 'free', milliseconds: 12 },
    { checkpoint: 'pre-deployment', name: 'disk', level: 'warning', detail: '85 % used', mend: 'free some' },
    { checkpoint: 'integration', name: 'baseline', level: 'skipped', detail: 'none' },
    {
      checkpoint: 'integration',
      name: '<script>',
      level: 'critical',
      detail: 'a "quote" & a\u0007bell',
      mend: 'mend <it>',
    },
  ],
};

t.test('the JUnit report counts and escapes', async (t) => {
  const xml = toJunit(validation);
  t.match(xml, '<testsuites tests="4" failures="1" skipped="1" errors="0">');
  t.match(
    xml,
    '<testsuite name="integration" tests="2" failures="1" skipped="1" errors="0" timestamp="2026-11-20T09:30:00">',
  );
  t.match(xml, 'name="&lt;script&gt;"');
  t.match(xml, '<failure message="a &quot;quote&quot; &amp; abell">mend &lt;it&gt;</failure>');
  t.match(xml, 'warning: 85 % used');
  t.equal(verdictOf(validation.checks), 'failed');
});

t.test('the page needs nothing else, and nothing in it runs', async (t) => {
  const html = toHtml(validation);
  t.notMatch(html, /<script|https?:|src=|<link/);
  t.match(html, '<header class="critical"><h1>Validation <span>failed');
  t.match(html, '1 of 2 failed');
  t.match(html, '<span class="mend">→ mend &lt;it&gt;</span>');
  t.match(
    toHtml({ ...validation, checks: validation.checks.slice(0, 1), commit: 'a'.repeat(40) }),
    /passed[\s\S]+commit aaaaaaaaaaaa</,
  );
});
