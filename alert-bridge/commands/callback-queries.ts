// A pressed button → what it does. Every press is answered, also one that may not, or cannot, be followed.
import type { Clock } from '../../common/clock.ts';
import { AppError } from '../../common/errors.ts';
import { type CallbackQuery, readCallbackQuery } from '../format/buttons.ts';
import { formatClock, plural } from '../format/figures.ts';
import { alertScope, describeScope, symbolScope } from '../model/silence-scope.ts';
import type { StoredAlert } from '../outbox/delivery.ts';
import type { ReactionStore, Vote } from '../reactions/store.ts';
import type { SilenceService } from '../silences/silence-service.ts';
import type { Person } from '../telegram/incoming.ts';
import { personText } from './command.ts';
import { isEnough, type Rights } from './rights.ts';

export interface CallbackCall {
  readonly data: string;
  readonly person: Person;
  readonly rights: Rights;
  readonly chatKey: string;
}

export interface CallbackServices {
  readonly clock: Clock;
  readonly reactions: ReactionStore;
  readonly silences: SilenceService;
  /** Told of each vote that is new or another than before. */
  readonly onVote: (verdict: Vote) => void;
  readonly onSeen: () => void;
}

export interface CallbackResult {
  readonly answer: string;
  /** The alert whose buttons may look different now. */
  readonly alert: StoredAlert | undefined;
}

/** Seeing and judging is for everybody in the chat, silencing for admins alone. */
function needs(query: CallbackQuery): Rights {
  return query.type === 'silence' || query.type === 'undo' ? 'admin' : 'member';
}

export async function handleCallbackQuery(
  call: CallbackCall,
  desk: CallbackServices,
): Promise<CallbackResult & { readonly isRefused: boolean }> {
  const query = readCallbackQuery(call.data);
  if (query === undefined) return said('This button is of another version. /help says what there is.');
  if (!isEnough(call.rights, needs(query))) {
    const id = call.person.id;
    return { ...said(`Only for people on the allow-list. Your id is ${id}.`), isRefused: true };
  }
  const alert = await desk.reactions.findAlert(query.alertId);
  if (alert === undefined) return said('This alert is no longer kept.');
  try {
    return { answer: await follow(query, alert, call, desk), alert, isRefused: false };
  } catch (error) {
    if (error instanceof AppError && error.code === 'SILENCE_UNKNOWN') return { ...said('It is over already.'), alert };
    if (error instanceof AppError && error.code.startsWith('SILENCE_'))
      return said('Alertmanager does not answer. Try again.');
    throw error;
  }
}

function said(answer: string): CallbackResult & { readonly isRefused: boolean } {
  return { answer, alert: undefined, isRefused: false };
}

async function follow(
  query: CallbackQuery,
  alert: StoredAlert,
  call: CallbackCall,
  desk: CallbackServices,
): Promise<string> {
  const { person, chatKey } = call;
  const now = desk.clock.now();
  switch (query.type) {
    case 'silence': {
      const { symbol } = alert.facts;
      const scope = query.by === 'symbol' && symbol !== undefined ? symbolScope(symbol) : alertScope(alert.labels);
      const durationMs = query.minutes * 60_000;
      const wish = { scope, durationMs, by: personText(person), comment: 'button under an alert', chat: chatKey };
      const made = await desk.silences.silence(wish);
      await see(alert, call, desk);
      return `🔕 ${describeScope(scope)} is silent until ${formatClock(made.endsAt, desk.clock.wallNow())}`;
    }
    case 'undo': {
      const { title, hidden } = await desk.silences.undo(String(query.silenceId));
      return `🔔 ${title} is heard again${hidden === 0 ? '' : `, ${plural(hidden, 'alert')} hidden meanwhile`}`;
    }
    case 'seen':
      return (await see(alert, call, desk)) ? '👀 Noted, nobody is reminded' : '👀 Somebody had seen it already';
    case 'vote': {
      const verdict = query.isUseful ? 'useful' : 'useless';
      const before = await desk.reactions.vote(alert.id, voter(person), verdict, now);
      if (before !== verdict) desk.onVote(verdict);
      await see(alert, call, desk);
      return query.isUseful ? '👍 Thank you' : '👎 Thank you, noted';
    }
  }
}

/** Whoever does anything about an alert has seen it. */
async function see(alert: StoredAlert, { person }: CallbackCall, desk: CallbackServices): Promise<boolean> {
  const isFirst = await desk.reactions.acknowledge(alert.id, personText(person), desk.clock.now());
  if (isFirst) desk.onSeen();
  return isFirst;
}

/** Names change, ids do not: one vote a person. */
function voter(person: Person): string {
  return String(person.id);
}
