// npm run build: bundles both services into dist/.
import { dirname } from 'node:path';
import { commandLine } from '../common/command-line.ts';
import { BUNDLES, bundlePath, bundleServices } from './bundle.ts';

commandLine({ name: 'npm run build --', purpose: 'Bundles both services into dist/, one minified file each.' });
const checkout = dirname(import.meta.dirname);
await bundleServices(checkout);
for (const { name } of BUNDLES) console.log(`built ${bundlePath(checkout, name)}`);
