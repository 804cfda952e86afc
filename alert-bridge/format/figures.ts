// Numbers as people say them: $1.2M, +18%, 1 m 40 s. Pure; the figures' rounding is part of the message contract.

const UNITS: readonly (readonly [size: number, suffix: string])[] = [
  [1e12, 'T'],
  [1e9, 'B'],
  [1e6, 'M'],
  [1e3, 'K'],
];

/** Dollars in two or three figures: `$950`, `$150K`, `$1.2M`, `$2.5B`. Negative amounts keep their sign before the dollar. */
export function formatUsd(amount: number): string {
  return `${amount < 0 ? '-' : ''}$${shorten(Math.abs(amount))}`;
}

function shorten(amount: number): string {
  for (const [size, suffix] of UNITS) {
    // 999,960 would round to 1000K: what rounds up to the next unit is written in it.
    if (amount < size * 0.9995) continue;
    const scaled = amount / size;
    const digits = scaled < 99.95 ? 1 : 0;
    return `${scaled.toFixed(digits).replace(/\.0$/, '')}${suffix}`;
  }
  return amount < 10 && amount % 1 !== 0 ? amount.toFixed(2) : String(Math.round(amount));
}

/** A price in full, with as many decimals as its size needs: `$82,500`, `$143.27`, `$0.00002134`. */
export function formatPrice(price: number): string {
  if (price >= 1_000) return `$${Math.round(price).toLocaleString('en-US')}`;
  if (price >= 1) return `$${price.toFixed(2)}`;
  return `$${price.toLocaleString('en-US', { maximumSignificantDigits: 4, useGrouping: false })}`;
}

/** A ratio as signed percent: 0.18 → `+18%`, -0.042 → `-4.2%`. */
export function formatChange(ratio: number): string {
  const percent = ratio * 100;
  const text = Math.abs(percent) >= 9.95 ? percent.toFixed(0) : percent.toFixed(1).replace(/\.0$/, '');
  return `${percent >= 0 ? '+' : ''}${text}%`;
}

/** A share of a whole: 0.0123 → `1.2%`, 0.0004 → `0.04%`, below a hundredth of a percent `<0.01%`. */
export function formatShare(ratio: number): string {
  const percent = ratio * 100;
  if (percent < 0.01) return '<0.01%';
  return `${percent >= 9.95 ? percent.toFixed(0) : percent >= 0.1 ? percent.toFixed(1).replace(/\.0$/, '') : percent.toFixed(2)}%`;
}

export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return whole % 60 === 0 ? `${minutes} min` : `${minutes} min ${whole % 60} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  return `${Math.round(hours / 24)} days`;
}

export function plural(count: number, one: string): string {
  return `${count} ${one}${count === 1 ? '' : 's'}`;
}

/** `14:05 UTC`, with the day where it is not the present one. */
export function formatClock(atMs: number, nowMs: number): string {
  const iso = new Date(atMs).toISOString();
  const time = `${iso.slice(11, 16)} UTC`;
  return iso.slice(0, 10) === new Date(nowMs).toISOString().slice(0, 10) ? time : `${iso.slice(0, 10)} ${time}`;
}
