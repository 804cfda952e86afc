// The buttons under a message: which there are, and the data that comes back when one is pressed. Pure. Telegram allows 64
// bytes, so the data only names rows of the outbox.
import type { StoredAlert } from '../outbox/delivery.ts';

export interface Link {
  readonly label: string;
  readonly url: string;
}

export type Button =
  | { readonly label: string; readonly data: string }
  | { readonly label: string; readonly url: string };
/** Buttons in rows, as they stand under a message. */
export type Keyboard = readonly (readonly Button[])[];

/** What the data of each kind of button holds beside the alert. */
interface ButtonFields {
  readonly silence: { readonly minutes: number; readonly by: 'symbol' | 'alert' };
  readonly undo: { readonly silenceId: number };
  readonly seen: object;
  readonly vote: { readonly isUseful: boolean };
}

export type ButtonKind = keyof ButtonFields;

/** A pressed button, of these kinds. */
export type CallbackQuery<Kind extends ButtonKind = ButtonKind> = {
  readonly [K in Kind]: { readonly type: K; readonly alertId: number } & ButtonFields[K];
}[Kind];

export interface ButtonFacts {
  readonly isOver: boolean;
  /** The silence that hides this alert now. */
  readonly silence: { readonly id: number; readonly title: string } | undefined;
  readonly isSeen: boolean;
}

const DURATIONS: readonly (readonly [minutes: number, label: string])[] = [
  [15, '15 m'],
  [60, '1 h'],
  [240, '4 h'],
];

export function alertButtons(alert: StoredAlert, { isOver, silence, isSeen }: ButtonFacts): Keyboard {
  const { id, facts } = alert;
  const silenceRow = (title: string, by: 's' | 'a') =>
    DURATIONS.map(([minutes, label], index) => ({
      label: index === 0 ? `🔕 ${title} ${label}` : label,
      data: `s:${id}:${minutes}:${by}`,
    }));
  const undo = silence && [{ label: `↩️ Undo silence of ${silence.title}`, data: `u:${id}:${silence.id}` }];
  const silences = isOver
    ? []
    : [...(facts.symbol === undefined ? [] : [silenceRow(facts.symbol, 's')]), silenceRow('this alert', 'a')];
  return [
    ...(undo ? [undo] : silences),
    [
      ...(isSeen ? [] : [{ label: '👀 Seen', data: `k:${id}` }]),
      { label: '👍', data: `v:${id}:1` },
      { label: '👎', data: `v:${id}:0` },
    ],
  ];
}

/** The one button under a reminder. */
export function seenButton(alertId: number): Keyboard {
  return [[{ label: '👀 Seen', data: `k:${alertId}` }]];
}

/** Telegram takes no button to an address that is not public: these come from the configuration alone. */
export function linkButtons(links: readonly Link[]): Keyboard {
  return links.length === 0 ? [] : [links.map(({ label, url }) => ({ label, url }))];
}

/** The data of a callback query, read; `undefined` where it is not ours, or of another version. */
export function readCallbackQuery(data: string): CallbackQuery | undefined {
  const [kind, alert, first, second] = data.split(':');
  if (alert === undefined || !/^\d{1,15}$/.test(alert)) return undefined;
  const alertId = Number(alert);
  switch (kind) {
    case 's': {
      const duration = DURATIONS.find(([minutes]) => String(minutes) === first);
      if (!duration || (second !== 's' && second !== 'a')) return undefined;
      return { type: 'silence', alertId, minutes: duration[0], by: second === 's' ? 'symbol' : 'alert' };
    }
    case 'u':
      return first && /^\d{1,15}$/.test(first) ? { type: 'undo', alertId, silenceId: Number(first) } : undefined;
    case 'k':
      return { type: 'seen', alertId };
    case 'v':
      return first === '1' || first === '0' ? { type: 'vote', alertId, isUseful: first === '1' } : undefined;
    default:
      return undefined;
  }
}
