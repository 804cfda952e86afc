// npm run build: bundles both services into dist/.
import { dirname } from 'node:path';
import { BUNDLES, bundlePath, bundleServices } from './bundle.ts';

const checkout = dirname(import.meta.dirname);
await bundleServices(checkout);
for (const { name } of BUNDLES) console.log(`built ${bundlePath(checkout, name)}`);
