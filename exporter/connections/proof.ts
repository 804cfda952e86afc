// What a message proves of the connection that brought it. Pure.
import type { MappedMessage } from '../events.ts';

/** A `control` stream spoke, some `data` came, or `nothing` anybody could use. */
export type Proof = 'control' | 'data' | 'nothing';

/** Rejects that still show that the venue speaks: the frame was understood, its content is not for us. */
const UNDERSTOOD: ReadonlySet<string> = new Set(['unknown_instrument', 'quote_not_usd', 'future_event', 'replayed']);

export function proofOf({ events, rejects, sentTime }: MappedMessage): Proof {
  if (events.some(({ type }) => type !== 'liquidation')) return 'control';
  if (events.length > 0 || rejects.some(({ reason }) => UNDERSTOOD.has(reason))) return 'data';
  // A delta of which nothing concerns us, with the venue's time on it.
  return sentTime !== undefined && rejects.length === 0 ? 'control' : 'nothing';
}
