// Every button under a message: who may press it, and what it does.
import type { Clock } from '../../common/clock.ts';
import type { ButtonKind, CallbackQuery } from '../format/buttons.ts';
import { formatClock, plural } from '../format/figures.ts';
import { alertScope, describeScope, symbolScope } from '../model/silence-scope.ts';
import type { StoredAlert } from '../outbox/delivery.ts';
import type { ReactionStore, Vote } from '../reactions/store.ts';
import type { SilenceService } from '../silences/silence-service.ts';
import type { Person } from '../telegram/incoming.ts';
import { personText } from './command.ts';
import type { Rights } from './rights.ts';

export interface ButtonServices {
  readonly clock: Clock;
  readonly reactions: ReactionStore;
  readonly silences: SilenceService;
  /** Called for each vote that is new or differs from the one before. */
  readonly onVote: (vote: Vote) => void;
  /** Called when somebody is the first to see an alert. */
  readonly onSeen: () => void;
}

export interface ButtonCall {
  readonly alert: StoredAlert;
  readonly person: Person;
  readonly chatKey: string;
}

export interface ButtonAction<Kind extends ButtonKind> {
  readonly needs: Rights;
  /** The words that pop up over the button. @throws AppError SILENCE_…, as the silences do */
  run(query: CallbackQuery<Kind>, call: ButtonCall, services: ButtonServices): Promise<string>;
}

export const BUTTON_ACTIONS: { readonly [Kind in ButtonKind]: ButtonAction<Kind> } = {
  silence: {
    needs: 'admin',
    async run({ minutes, by }, call, services) {
      const { alert, person, chatKey } = call;
      const { symbol } = alert.facts;
      const scope = by === 'symbol' && symbol !== undefined ? symbolScope(symbol) : alertScope(alert.labels);
      const made = await services.silences.silence({
        scope,
        durationMs: minutes * 60_000,
        by: personText(person),
        comment: 'button under an alert',
        chat: chatKey,
      });
      await see(call, services);
      return `🔕 ${describeScope(scope)} is silent until ${formatClock(made.endsAt, services.clock.wallNow())}`;
    },
  },
  undo: {
    needs: 'admin',
    async run({ silenceId }, _call, services) {
      const { title, hidden } = await services.silences.undo(String(silenceId));
      return `🔔 ${title} is heard again${hidden === 0 ? '' : `, ${plural(hidden, 'alert')} hidden meanwhile`}`;
    },
  },
  seen: {
    needs: 'member',
    async run(_query, call, services) {
      const isFirst = await see(call, services);
      return isFirst ? '👀 Noted, nobody is reminded' : '👀 Somebody had seen it already';
    },
  },
  vote: {
    needs: 'member',
    async run({ isUseful }, call, services) {
      const vote = isUseful ? 'useful' : 'useless';
      // Names change, ids do not: one vote a person.
      const voter = String(call.person.id);
      const before = await services.reactions.vote(call.alert.id, voter, vote, services.clock.now());
      if (before !== vote) services.onVote(vote);
      await see(call, services);
      return isUseful ? '👍 Thank you' : '👎 Thank you, noted';
    },
  },
};

/** Whoever does anything about an alert has seen it. */
async function see({ alert, person }: ButtonCall, services: ButtonServices): Promise<boolean> {
  const isFirst = await services.reactions.acknowledge(alert.id, personText(person), services.clock.now());
  if (isFirst) services.onSeen();
  return isFirst;
}
