// Quiet hours: a daily span on the wall of one time zone. Pure: text in, judgement out.

export interface QuietHours {
  /** Minutes since local midnight. */
  readonly fromMinute: number;
  readonly toMinute: number;
  /** IANA name, such as `Europe/Berlin`. */
  readonly zone: string;
  /** Mutes high priority as well. */
  readonly isAll: boolean;
}

const SHAPE =
  /^([01]?\d|2[0-3]):([0-5]\d)\s*[-\u2013]\s*([01]?\d|2[0-3]):([0-5]\d)(?:\s+([A-Za-z][\w+/-]{1,40}))?(?:\s+(all))?$/i;
const DAY_MINUTES = 1_440;
const MINUTE_MS = 60_000;

/** Reads `22:00-07:00 Europe/Berlin`, with `all` behind it to mute everything. `undefined` for anything else. */
export function parseQuietHours(text: string): QuietHours | undefined {
  const [, fromHour, fromMinute, toHour, toMinute, place, all] = SHAPE.exec(text.trim()) ?? [];
  if (fromHour === undefined) return undefined;
  // `22:00-07:00 all`: the one word behind the times is no zone.
  const isBareAll = all === undefined && place?.toLowerCase() === 'all';
  const zone = knownZone(isBareAll || place === undefined ? 'UTC' : place);
  const from = Number(fromHour) * 60 + Number(fromMinute);
  const to = Number(toHour) * 60 + Number(toMinute);
  if (zone === undefined || from === to) return undefined;
  return { fromMinute: from, toMinute: to, zone, isAll: isBareAll || all !== undefined };
}

/** As `parseQuietHours` reads it. */
export function formatQuietHours({ fromMinute, toMinute, zone, isAll }: QuietHours): string {
  return `${clockText(fromMinute)}-${clockText(toMinute)} ${zone}${isAll ? ' all' : ''}`;
}

/** The end of the quiet span that the moment lies in; `undefined` when it lies in none. */
export function quietUntilMs(quiet: QuietHours, wallMs: number): number | undefined {
  const minute = localMinute(quiet.zone, wallMs);
  const { fromMinute: from, toMinute: to } = quiet;
  const isQuiet = from < to ? minute >= from && minute < to : minute >= from || minute < to;
  if (!isQuiet) return undefined;
  const ahead = (to - minute + DAY_MINUTES) % DAY_MINUTES;
  const end = Math.floor(wallMs / MINUTE_MS) * MINUTE_MS + ahead * MINUTE_MS;
  // A change to or from summer time in between moves the wall: measured, not computed.
  const drift = ((localMinute(quiet.zone, end) - to + DAY_MINUTES * 1.5) % DAY_MINUTES) - DAY_MINUTES / 2;
  return end - drift * MINUTE_MS;
}

function clockText(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
}

/** A zone that the system knows, in its capitals; a newer name stays, though the system may call it by an older one. */
function knownZone(name: string): string | undefined {
  try {
    const { timeZone } = new Intl.DateTimeFormat('en-GB', { timeZone: name }).resolvedOptions();
    return timeZone.toLowerCase() === name.toLowerCase() ? timeZone : name;
  } catch {
    return undefined;
  }
}

/** Making one costs a millisecond, so they are kept: there are some four hundred zones at most. */
const FORMATS = new Map<string, Intl.DateTimeFormat>();

function localMinute(zone: string, atMs: number): number {
  const format =
    FORMATS.get(zone) ??
    new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  FORMATS.set(zone, format);
  const [hour = 0, minute = 0] = format.format(atMs).split(':').map(Number);
  return hour * 60 + minute;
}
