// Holds the leash of the command given as arguments and says its process id; a test kills it.
import { spawnWithParentWatch } from '../../../common/parent-watch.ts';

const [command = '', ...args] = process.argv.slice(2);
const program = spawnWithParentWatch({ command, args, env: process.env, cwd: process.cwd() });
console.log(program.pid);
await program.ended;
