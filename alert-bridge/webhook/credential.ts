// Compares credentials in constant time, and slows nothing but the log when somebody guesses. Knows no HTTP framework.
import { createHash, timingSafeEqual } from 'node:crypto';

/**
 * A check for `Authorization: Bearer …`, or for `Basic …` whose password is the token (browsers cannot send Bearer).
 * Digests are compared, so neither the token's length nor its beginning shows in the time taken.
 */
export function createCredentialCheck(tokens: readonly string[]): (authorization: string | undefined) => boolean {
  const wanted = tokens.map(digest);
  return (authorization) => {
    const given = digest(readToken(authorization ?? ''));
    let isKnown = false;
    // Every token is compared, also after a match.
    for (const token of wanted) isKnown = timingSafeEqual(token, given) || isKnown;
    return isKnown;
  };
}

function readToken(authorization: string): string {
  const [scheme = '', value = ''] = authorization.split(/ +/, 2);
  if (scheme.toLowerCase() === 'bearer') return value;
  if (scheme.toLowerCase() !== 'basic') return '';
  const pair = Buffer.from(value, 'base64').toString('utf8');
  return pair.slice(pair.indexOf(':') + 1);
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
