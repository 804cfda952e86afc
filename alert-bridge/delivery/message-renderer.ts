// A claimed delivery → the message as it is sent: its text, what the episode came to at its end, and its buttons.
import type { Keyboard } from '../format/buttons.ts';
import type { MessageText } from '../format/message.ts';
import { type RenderSettings, renderDelivery } from '../format/render.ts';
import type { Delivery } from '../outbox/delivery.ts';
import type { Present } from '../outbox/lateness.ts';
import type { LiveMessages } from './living-messages.ts';

export interface MessageRendererOptions {
  readonly live: Pick<LiveMessages, 'totalsOf'>;
  /** `undefined` for a message without buttons. */
  readonly buttonsUnder: (delivery: Delivery) => Promise<Keyboard | undefined>;
  readonly readPresent: () => Present;
  readonly settings: RenderSettings;
}

export function createMessageRenderer(options: MessageRendererOptions): (delivery: Delivery) => Promise<MessageText> {
  const { live, buttonsUnder, readPresent, settings } = options;
  return async (delivery) => {
    const { phase, subject } = delivery;
    const isEnd = phase === 'resolved' && subject.type === 'alert';
    const totals = isEnd ? await live.totalsOf(subject.alert) : undefined;
    const text = renderDelivery(delivery, readPresent(), settings, totals);
    const keyboard = await buttonsUnder(delivery);
    return keyboard === undefined ? text : { ...text, keyboard };
  };
}
