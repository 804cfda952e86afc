// Keeps foreign pages from posting our forms through somebody's browser: a token that only our page holds, an origin that
// is our own, and on a loopback address a host name that no attacker can own (DNS rebinding).
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

export interface FormGuard {
  /** To be put into every form. */
  readonly token: string;
  /** What is wrong with a posted form, in words; `undefined` when it is ours. */
  faultOf(headers: IncomingHttpHeaders, token: string): string | undefined;
  /** Whether a page may be shown under this host name. */
  isOwnHost(host: string | undefined): boolean;
}

export function createFormGuard(isLoopback: boolean): FormGuard {
  const token = randomBytes(18).toString('base64url');
  const isOwnHost = (host: string | undefined) =>
    !isLoopback || /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::\d+)?$/i.test(host ?? '');
  return {
    token,
    isOwnHost,
    faultOf({ origin, host }, given) {
      if (!isOwnHost(host)) return 'open the page by its address, such as http://127.0.0.1:8003';
      const isSameOrigin = origin === undefined || (URL.canParse(origin) && new URL(origin).host === host);
      if (!isSameOrigin) return 'the form came from another page';
      return timingSafeEqual(digest(given), digest(token)) ? undefined : 'the form is too old: load the page again';
    },
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
