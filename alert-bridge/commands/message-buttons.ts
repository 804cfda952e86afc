// The buttons that a message shows now. Those that call the bot are shown only while a bridge listens; links wherever their
// address is public.

import type { Keyboard } from '../format/buttons.ts';
import { alertButtons, linkButtons, seenButton } from '../format/buttons.ts';
import { alertLinks, type PublicLinks } from '../format/links.ts';
import { describeScope } from '../model/silence-scope.ts';
import type { Delivery, StoredAlert } from '../outbox/delivery.ts';
import type { ReactionStore } from '../reactions/store.ts';
import type { SilenceService } from '../silences/silence-service.ts';

export interface MessageButtonsOptions {
  readonly silences: Pick<SilenceService, 'covering'>;
  readonly reactions: Pick<ReactionStore, 'of'>;
  readonly publicUrls: PublicLinks;
  /** Whether a pressed button would be heard, by whichever bridge. */
  readonly isHeard: () => boolean;
}

export interface MessageButtons {
  /** Under the message of an alert, as both are now. */
  of(alert: StoredAlert): Promise<Keyboard>;
  /** Under a message about to be sent; `undefined` for none. */
  under(delivery: Delivery): Promise<Keyboard | undefined>;
}

export function createMessageButtons(options: MessageButtonsOptions): MessageButtons {
  const { silences, reactions, publicUrls, isHeard } = options;

  async function of(alert: StoredAlert): Promise<Keyboard> {
    const links = linkButtons(alertLinks(alert, publicUrls));
    if (!isHeard()) return links;
    const silence = await silences.covering(alert.labels);
    const { seenBy } = await reactions.of(alert.id);
    const facts = {
      isOver: alert.status === 'resolved',
      silence: silence && { id: silence.id, title: describeScope(silence.scope) },
      isSeen: seenBy !== undefined,
    };
    return [...alertButtons(alert, facts), ...links];
  }

  return {
    of,
    async under({ subject, phase }) {
      if (subject.type === 'notice' && subject.alertId !== undefined) {
        return isHeard() ? seenButton(subject.alertId) : undefined;
      }
      if (subject.type !== 'alert') return undefined;
      const alert: StoredAlert = phase === 'resolved' ? { ...subject.alert, status: 'resolved' } : subject.alert;
      const keyboard = await of(alert);
      return keyboard.length === 0 ? undefined : keyboard;
    },
  };
}
