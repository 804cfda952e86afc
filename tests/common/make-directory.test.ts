import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { makeDirectory } from '../../common/make-directory.ts';

t.test('makes what is missing above it, and is content with what is there', (t) => {
  const path = join(t.testdir(), 'one', 'two', 'three');

  makeDirectory(path, 0o700);
  makeDirectory(path);

  t.equal(statSync(path).mode & 0o777, 0o700);
  t.end();
});

t.test('throws where a file is in the way', (t) => {
  const folder = t.testdir({ file: 'in the way' });

  t.throws(() => makeDirectory(join(folder, 'file')), { code: 'EEXIST' });
  t.throws(() => makeDirectory(join(folder, 'file', 'below')), { code: 'ENOTDIR' });
  t.end();
});

const skip = existsSync('/proc/self') ? false : 'there is no /proc here';

t.test('comes back where nothing can be made below a folder that exists', { skip }, (t) => {
  t.throws(() => makeDirectory('/proc/nothing/of/ours'), { code: 'ENOENT' });
  t.end();
});
