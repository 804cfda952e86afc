// The table of roll-back points, and what is no point beside them.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { describePoints } from '../../../operations/points/list.ts';
import { listPoints, type Manifest, readManifest } from '../../../operations/points/manifest.ts';

const POINT: Manifest = {
  format: 1,
  name: 'before-my-change',
  reason: 'by hand',
  mode: 'native',
  createdAt: '2026-11-20T09:30:00.000Z',
  version: '0.1.0',
  images: [],
  secrets: [],
  silences: 0,
  files: [{ path: 'a', bytes: 1_572_864, sha256: '' }],
};

t.test('each point is a line with its age, commit, data, size and reason', async (t) => {
  const lines = describePoints([
    POINT,
    {
      ...POINT,
      name: 'later',
      mode: 'docker',
      git: { commit: '0123456789abcdef', isDirty: true },
      database: { integrity: 'ok', schema: 12 },
    },
    { ...POINT, git: { commit: '0123456789abcdef', isDirty: false }, database: { integrity: 'row 3', schema: 12 } },
  ]).split('\n');

  t.same(lines, [
    'before-my-change  2026-11-20 09:30:00  native  –            no data          1.5 MB  by hand',
    'later             2026-11-20 09:30:00  docker  0123456789+  data, schema 12  1.5 MB  by hand',
    'before-my-change  2026-11-20 09:30:00  native  0123456789   data damaged     1.5 MB  by hand',
  ]);
});

t.test('no points are a sentence', async (t) => {
  t.match(describePoints([]), /no roll-back points yet/);
});

t.test('a folder without a manifest, and one with another text, are no points', async (t) => {
  const dataDir = t.testdir();
  for (const [name, text] of [
    ['empty', undefined],
    ['garbage', '{'],
    ['other', '{"format":2}'],
  ] as const) {
    mkdirSync(join(dataDir, 'rollback', name), { recursive: true });
    if (text !== undefined) writeFileSync(join(dataDir, 'rollback', name, 'manifest.json'), text);
  }

  t.same(listPoints(dataDir), []);
  t.throws(() => readManifest(dataDir, 'empty'), { code: 'POINT_UNKNOWN', message: /known: none/ });
  t.same(listPoints(join(dataDir, 'nowhere')), []);
});
