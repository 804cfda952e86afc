// The durable state in the hands of one process, and the messages that are owed: written down first, sent afterwards.
import type { WatchSettings } from './settings.ts';
import { readState, type WatchState, writeState } from './state.ts';
import { sendQueued } from './telegram.ts';

export interface Notebook {
  readonly state: WatchState;
  /** On disk when it returns. */
  keep(change: Partial<WatchState>): void;
  /** Prints it and owes it to every chat. */
  owe(text: string): void;
  /** The same unless this subject was told within that time. */
  enqueueOnce(subject: string, withinMs: number, text: () => string): void;
  forget(subject: string): void;
  /** Sends what is owed, in order; where Telegram is out of reach the rest waits. One at a time, however often it is called. */
  sendAll(): Promise<void>;
}

export interface NotebookOptions {
  readonly dataDir: string;
  readonly telegram: WatchSettings['telegram'];
  readonly now: () => number;
  readonly say: (line: string) => void;
}

/** Where Telegram stays out of reach the oldest go: an old "is off" is worth less than a new one. */
const MAX_OWED = 50;
const RETRY_MS = 15_000;

export function openNotebook({ dataDir, telegram, now, say }: NotebookOptions): Notebook {
  let state = readState(dataDir);
  let sending: Promise<void> | undefined;
  let retryAt = 0;

  const keep = (change: Partial<WatchState>) => {
    state = { ...state, ...change };
    writeState(dataDir, state);
  };
  const owe = (text: string) => {
    say(text);
    const added = telegram.chats.map(({ key }) => ({ text, chat: key }));
    keep({ owed: [...state.owed, ...added].slice(-MAX_OWED) });
  };

  async function sendQueuedNow(): Promise<void> {
    while (now() >= retryAt) {
      const [first, ...rest] = state.owed;
      if (first === undefined) return;
      const tried = { ...first, triedAt: now() };
      keep({ owed: [tried, ...rest] });
      const sent = await sendQueued(telegram, first, say);
      // What Telegram surely did not take is owed as before; only a crash in between leaves `triedAt` standing.
      const others = state.owed.filter((message) => message !== tried);
      keep({ owed: sent === 'later' ? [first, ...others] : others });
      if (sent === 'later') retryAt = now() + RETRY_MS;
    }
  }

  return {
    get state() {
      return state;
    },
    keep,
    owe,
    enqueueOnce(subject, withinMs, text) {
      const at = state.told[subject];
      if (at === undefined || now() - at > withinMs) owe(text());
      // Seen all the time it is told once: the time runs from its end.
      keep({ told: { ...state.told, [subject]: now() } });
    },
    forget(subject) {
      if (state.told[subject] === undefined) return;
      const { [subject]: _, ...told } = state.told;
      keep({ told });
    },
    sendAll() {
      sending ??= sendQueuedNow().finally(() => {
        sending = undefined;
      });
      return sending;
    },
  };
}
