// Makes, lists and lifts silences for chat, page and API, and notifies at their end what they hid. The silence itself is
// Alertmanager's, so that its own page, amtool and Grafana show the same.
import { epochMs } from '../../common/brands.ts';
import type { Clock } from '../../common/clock.ts';
import { AppError, errorText } from '../../common/errors.ts';
import type { Alertmanager, EngineAlert, EngineSilence } from '../engines/alertmanager.ts';
import { endNotice, liftedNotice } from '../format/silence.ts';
import type { Texts } from '../model/alert.ts';
import { covers, describeScope, type Scope } from '../model/silence-scope.ts';
import { MAX_SILENCE_MS } from './duration.ts';
import type { KeptSilence, SilenceStore } from './store.ts';

export interface SilenceRequest {
  readonly scope: Scope;
  readonly durationMs: number;
  /** The person, as Alertmanager shows it. */
  readonly by: string;
  readonly comment: string;
  readonly chat: string | undefined;
}

export interface ShownSilence extends EngineSilence {
  /** For `/unsilence` and buttons; `undefined` for one made elsewhere. */
  readonly shortId: number | undefined;
}

export interface SilenceService {
  /** @throws AppError SILENCE_TOO_LONG beyond a day, SILENCE_UNAVAILABLE when Alertmanager does not take it. */
  silence(request: SilenceRequest): Promise<KeptSilence>;
  /**
   * Lifts a silence by our short id, or by Alertmanager's own. Returns what it covered and how many alerts it hid.
   * @throws AppError SILENCE_UNKNOWN, SILENCE_UNAVAILABLE
   */
  undo(id: string): Promise<{ readonly title: string; readonly hidden: number }>;
  /** Everything that is silent now, whoever made it. @throws AppError SILENCE_UNAVAILABLE */
  list(): Promise<readonly ShownSilence[]>;
  /** The silence of ours that hides such an alert now. */
  covering(labels: Texts): Promise<KeptSilence | undefined>;
  /** Records what is hidden, and ends what is over; to be called every few seconds. Asks nothing while nothing is silent. */
  watch(): Promise<void>;
}

export interface SilenceServiceOptions {
  readonly alertmanager: Alertmanager;
  readonly store: SilenceStore;
  readonly clock: Clock;
  /** Chats that are notified of the end of a silence that came from no chat. */
  readonly noticeChats: readonly string[];
  readonly onNotice: () => void;
}

export function createSilenceService(options: SilenceServiceOptions): SilenceService {
  const { alertmanager, store, clock } = options;

  async function ask<Result>(work: Promise<Result>): Promise<Result> {
    try {
      return await work;
    } catch (error) {
      throw new AppError('SILENCE_UNAVAILABLE', `Alertmanager did not do it: ${errorText(error)}`, { cause: error });
    }
  }

  async function lift(kept: KeptSilence, id: string): Promise<{ readonly title: string; readonly hidden: number }> {
    await look([kept]).catch(() => {});
    await ask(alertmanager.expire(id));
    await store.end(kept.id, undefined, clock.now());
    return { title: describeScope(kept.scope), hidden: total(await store.hidden(kept.id)) };
  }

  async function look(open: readonly KeptSilence[]): Promise<void> {
    const silenced = await alertmanager.silenced();
    for (const { id, alertmanagerId } of open) {
      const hidden = silenced.filter((alert) => alert.silencedBy.includes(alertmanagerId));
      await store.hid(id, hidden.map(toHidden));
    }
  }

  async function finish(kept: KeptSilence, isLifted: boolean): Promise<void> {
    const hidden = await store.hidden(kept.id);
    const title = describeScope(kept.scope);
    const text = isLifted ? liftedNotice(title, hidden) : endNotice(title, hidden);
    const chats = kept.chat === undefined ? options.noticeChats : [kept.chat];
    if (await store.end(kept.id, { text, chats }, clock.now())) options.onNotice();
  }

  return {
    async silence({ scope, durationMs, by, comment, chat }) {
      if (durationMs > MAX_SILENCE_MS || durationMs <= 0) {
        throw new AppError('SILENCE_TOO_LONG', 'a silence lasts 24 hours at most');
      }
      const startsAt = clock.wallNow();
      const endsAt = epochMs(startsAt + durationMs);
      const replaced = (await store.open()).find((kept) => describeScope(kept.scope) === describeScope(scope));
      const createdBy = by.slice(0, 100);
      const alertmanagerId = await ask(
        alertmanager.silence({ scope, startsAtMs: startsAt, endsAtMs: endsAt, createdBy, comment }),
      );
      const kept = await store.add({ alertmanagerId, scope, createdBy, comment, chat, startsAt, endsAt });
      // One scope, one silence: the new one is made before the old one is lifted, so that no alert passes between them.
      if (replaced) await lift(replaced, replaced.alertmanagerId).catch(() => {});
      return kept;
    },
    async undo(id) {
      const open = await store.open();
      const kept = open.find((silence) => String(silence.id) === id || silence.alertmanagerId === id);
      if (kept) return lift(kept, kept.alertmanagerId);
      const foreign = (await ask(alertmanager.silences())).find((one) => one.id === id && one.state !== 'expired');
      if (!foreign) throw new AppError('SILENCE_UNKNOWN', `there is no silence ${id} any more`);
      await ask(alertmanager.expire(foreign.id));
      return { title: foreign.matchers, hidden: 0 };
    },
    async list() {
      const ids = new Map((await store.open()).map((kept) => [kept.alertmanagerId, kept.id]));
      const silences = await ask(alertmanager.silences());
      return silences
        .filter((silence) => silence.state !== 'expired')
        .map((silence) => ({ ...silence, shortId: ids.get(silence.id) }));
    },
    async covering(labels) {
      const now = clock.wallNow();
      return (await store.open()).find((kept) => kept.endsAt > now && covers(kept.scope, labels));
    },
    async watch() {
      const open = await store.open();
      if (open.length === 0) return;
      await look(open);
      const silences = new Map((await alertmanager.silences()).map((silence) => [silence.id, silence.state]));
      for (const kept of open) {
        const isOver = kept.endsAt <= clock.wallNow();
        const isGone = (silences.get(kept.alertmanagerId) ?? 'expired') === 'expired';
        if (isOver || isGone) await finish(kept, !isOver);
      }
    },
  };
}

function toHidden({ fingerprint, startsAt, labels }: EngineAlert) {
  return { fingerprint, startsAt, name: [labels.symbol, labels.alertname].filter(Boolean).join(' ') };
}

function total(hidden: readonly (readonly [name: string, count: number])[]): number {
  return hidden.reduce((sum, [, count]) => sum + count, 0);
}
