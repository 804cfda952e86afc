// Takes the lock of the file given and keeps it until it is killed.
import { takeFileLock } from '../../../common/file-lock.ts';

console.log(takeFileLock(process.argv[2] ?? '') ? 'locked' : 'refused');
setInterval(() => undefined, 60_000);
