// What the shapes of known messages are written in: patterns that hold for a whole text or not at all, and the one number
// they read. Every pattern is linear in its text, since what a capture may hold never holds what follows it.

/** A JSON text that says its value as it stands: no escape, no control character. */
const PLAIN_TEXT = String.raw`([^"\\\u0000-\u001f]*)`;
/** Milliseconds since 1970 of the years 2001 to 2286, as a JSON number. */
const TIME = '([1-9][0-9]{12})';

/**
 * A pattern from a message with its variable parts left out: `TEXT` stands for a plain text with its quotes, `TIME` for a
 * time, `END` for the end, parentheses mean what they mean in patterns; braces and brackets of the message stand for
 * themselves. Sticky, so that the entries of a list are read one after the other.
 */
export function framePattern(shape: string): RegExp {
  const source = shape
    .replaceAll(/[{}[\]]/g, String.raw`\$&`)
    .replaceAll('END', '$')
    .replaceAll('TEXT', `"${PLAIN_TEXT}"`)
    .replaceAll('TIME', TIME);
  return new RegExp(source, 'y');
}

/** Matches at `start`. The end of the match is `pattern.lastIndex`. */
export function matchAt(pattern: RegExp, text: string, start: number): RegExpExecArray | undefined {
  pattern.lastIndex = start;
  return pattern.exec(text) ?? undefined;
}

/** A captured time as the number that JSON.parse makes of it. */
export function timeOf(digits: string | undefined): number {
  return Number(digits);
}
