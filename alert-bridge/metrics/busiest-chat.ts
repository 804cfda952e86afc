// How many messages went to the chat that got most of them within a minute: a flood hits one chat, and a total over all chats
// would not show it. The chat itself is no label.
import { Gauge, type Registry } from 'prom-client';
import { type Clock, createSystemClock } from '../../common/clock.ts';
import type { ChatAddress } from '../model/chat.ts';

export interface BusiestChat {
  /** A new message leaves for this chat; edits are none. */
  sent(chat: ChatAddress): void;
}

const WINDOW_MS = 60_000;
/** Nobody needs to know how far beyond; it bounds the memory of a flood. */
const MOST_COUNTED = 200;

export function registerBusiestChat(registry: Registry, clock: Clock = createSystemClock()): BusiestChat {
  const times = new Map<string, number[]>();

  function forgetOld(): void {
    const since = clock.monotonicMs() - WINDOW_MS;
    for (const [chat, list] of times) {
      while ((list[0] ?? Number.POSITIVE_INFINITY) <= since) list.shift();
      if (list.length === 0) times.delete(chat);
    }
  }

  new Gauge({
    name: 'alertbridge_busiest_chat_messages',
    help: 'New messages of the last minute to the chat that got most of them; counted up to 200.',
    registers: [registry],
    collect() {
      forgetOld();
      this.set(Math.max(0, ...[...times.values()].map(({ length }) => length)));
    },
  });

  return {
    sent({ chatId }) {
      const list = times.get(chatId) ?? [];
      list.push(clock.monotonicMs());
      if (list.length > MOST_COUNTED) list.shift();
      times.set(chatId, list);
      // Chats that got nothing for a minute are forgotten also where nobody scrapes.
      if (times.size > MOST_COUNTED) forgetOld();
    },
  };
}
