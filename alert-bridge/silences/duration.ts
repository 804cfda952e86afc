// Durations as people write them: `15m`, `1h`, `1h30m`, `1d`. Pure.

/** A longer one would be forgotten. */
export const MAX_SILENCE_MS = 24 * 3_600_000;

const UNIT_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };
const SHAPE = /^(?:\d{1,4}(?:m|h|d))+$/;

/** `undefined` for anything that is no duration above zero; seconds are not taken. */
export function parseDuration(text: string): number | undefined {
  const plain = text
    .toLowerCase()
    .replace(/\s+/g, '')
    .replace(/min(ute)?s?/g, 'm')
    .replace(/hours?/g, 'h')
    .replace(/days?/g, 'd');
  if (!SHAPE.test(plain)) return undefined;
  const parts = [...plain.matchAll(/(\d+)([mhd])/g)];
  const total = parts.reduce((sum, [, count, unit]) => sum + Number(count) * (UNIT_MS[unit ?? ''] ?? 0), 0);
  return total > 0 ? total : undefined;
}
