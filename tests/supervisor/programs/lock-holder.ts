// Takes the lock of the folder given and keeps it until it is killed.
import { lockData } from '../../../supervisor/data-lock.ts';

lockData(process.argv[2] ?? '');
console.log('locked');
setInterval(() => undefined, 60_000);
