// The version that both services report. Bundles carry it inside.
import manifest from '../package.json' with { type: 'json' };

export const VERSION: string = manifest.version;
