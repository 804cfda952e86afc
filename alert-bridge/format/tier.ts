// How loud a first line is: one siren for the base tier, one more for each order of size above.

/** Tiers are 1, 4, 16, 64: `🚨`, `🚨🚨`, … */
export function tierMark(tier: number, mark = '🚨'): string {
  const order = Math.min(3, Math.max(0, Math.round(Math.log2(tier) / 2)));
  return mark.repeat(1 + order);
}
