// Takes the lock of the file given, forgets about it, and lives until it is killed.
import { takeFileLock } from '../../../common/file-lock.ts';

const isTaken = takeFileLock(process.argv[2] ?? '') !== undefined;
globalThis.gc?.();
console.log(isTaken ? 'locked' : 'refused');
setInterval(() => undefined, 60_000);
