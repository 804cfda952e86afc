// A stack for tests of those who watch one: nothing runs, nothing answers, and what is not expected to be asked fails.
import type { Stack } from '../../../operations/stack/stack.ts';

const unexpected = async (): Promise<never> => {
  throw new Error('this was not to be asked');
};

export function idleStack(given: Partial<Stack>): Stack {
  return {
    mode: 'native',
    parts: [],
    urls: {},
    dataDir: '',
    limitMb: 256,
    checks: () => [],
    plan: () => [],
    isRunning: unexpected,
    states: unexpected,
    start: unexpected,
    stopCallingExisting: unexpected,
    stop: unexpected,
    webhookToken: unexpected,
    images: async () => [],
    restoreImages: unexpected,
    copyDatabase: async () => false,
    replaceDatabase: unexpected,
    logs: async () => ({}),
    ...given,
  };
}
