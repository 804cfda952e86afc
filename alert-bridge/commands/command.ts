// What a command is, and all that commands may use. Each command is one file; `registry.ts` lists them.
import type { Clock } from '../../common/clock.ts';
import type { EngineAlert } from '../engines/alertmanager.ts';
import type { HistoryStore } from '../history/store.ts';
import type { ChatAddress } from '../model/chat.ts';
import type { Subscription } from '../model/subscription.ts';
import type { Scorecard } from '../scorecard/scorecard.ts';
import type { SilenceService } from '../silences/silence-service.ts';
import type { SubscriptionStore } from '../subscriptions/store.ts';
import type { Person } from '../telegram/incoming.ts';
import type { Rights } from './rights.ts';

export interface StackStatus {
  readonly waiting: number;
  readonly failed: number;
  readonly heartbeatAtMs: number | undefined;
  readonly isSilent: boolean;
  /** Feeds that Prometheus knows, by name, with whether each is connected; `undefined` when it does not answer. */
  readonly feeds: readonly (readonly [name: string, isConnected: boolean])[] | undefined;
}

export interface CommandServices {
  readonly clock: Clock;
  readonly subscriptions: SubscriptionStore;
  readonly silences: SilenceService;
  readonly history: HistoryStore;
  /** Alerts that fire now. @throws Error when Alertmanager does not answer. */
  firing(): Promise<readonly EngineAlert[]>;
  status(): Promise<StackStatus>;
  scorecard(): Promise<Scorecard>;
  /** Symbols that alerts can be about; `undefined` while nobody can say. */
  watchedSymbols(): Promise<readonly string[] | undefined>;
  /** The set of subscribers changed: the delivery loop must learn of it. */
  subscribersChanged(): void;
}

export interface CommandCall {
  readonly words: readonly string[];
  /** Whose subscription it is about: the chat, or the topic. */
  readonly chat: ChatAddress;
  readonly subscription: Subscription;
  readonly isSubscriber: boolean;
  readonly person: Person;
  readonly rights: Rights;
}

export interface Command {
  readonly name: string;
  /** Arguments as `/help` shows them. */
  readonly usage: string;
  readonly summary: string;
  readonly needs: Rights;
  /** In a group everybody shares one subscription: whoever changes it there may need more. As `needs` where it is absent. */
  readonly needsInGroup?: Rights;
  /** The answer, plain text. What it throws is answered with an apology, and logged. */
  run(call: CommandCall, services: CommandServices): Promise<string>;
}

/** How a person is named in silences and the log: the id is what counts. */
export function personText({ id, name }: Person): string {
  return `${name} (Telegram ${id})`;
}
