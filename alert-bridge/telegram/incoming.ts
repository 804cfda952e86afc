// An update of the Bot API → a text or a callback query. Unknown until checked; updates of other kinds are left out.
import { field } from '../../common/json-shape.ts';

export interface Person {
  readonly id: number;
  /** As Telegram shows it; never trusted to be unique. */
  readonly name: string;
}

export interface Place {
  readonly chatId: string;
  readonly threadId: number | undefined;
  readonly isPrivate: boolean;
}

export type Incoming =
  | {
      readonly type: 'text';
      readonly place: Place;
      readonly person: Person;
      readonly text: string;
      readonly sentAtMs: number;
    }
  | {
      readonly type: 'query';
      readonly place: Place;
      readonly person: Person;
      readonly id: string;
      readonly messageId: number;
      readonly data: string;
    };

const MAX_TEXT_LENGTH = 1_000;

export function readUpdate(update: unknown): Incoming | undefined {
  const message = field(update, 'message');
  if (message !== undefined) return readText(message);
  const query = field(update, 'callback_query');
  return query === undefined ? undefined : readPressed(query);
}

function readText(message: unknown): Incoming | undefined {
  const place = readPlace(message);
  const person = readPerson(field(message, 'from'));
  const text = field(message, 'text');
  if (!place || !person || typeof text !== 'string') return undefined;
  const date = field(message, 'date');
  const sentAtMs = typeof date === 'number' ? date * 1_000 : 0;
  return { type: 'text', place, person, text: text.slice(0, MAX_TEXT_LENGTH), sentAtMs };
}

function readPressed(query: unknown): Incoming | undefined {
  const message = field(query, 'message');
  const place = readPlace(message);
  const person = readPerson(field(query, 'from'));
  const id = field(query, 'id');
  const messageId = field(message, 'message_id');
  if (!place || !person || typeof id !== 'string' || typeof messageId !== 'number') return undefined;
  return { type: 'query', place, person, id, messageId, data: String(field(query, 'data') ?? '') };
}

function readPlace(message: unknown): Place | undefined {
  const chat = field(message, 'chat');
  const id = field(chat, 'id');
  if (typeof id !== 'number' || !Number.isSafeInteger(id)) return undefined;
  const thread = field(message, 'is_topic_message') === true ? field(message, 'message_thread_id') : undefined;
  return {
    chatId: String(id),
    threadId: typeof thread === 'number' ? thread : undefined,
    isPrivate: field(chat, 'type') === 'private',
  };
}

function readPerson(from: unknown): Person | undefined {
  const id = field(from, 'id');
  if (typeof id !== 'number' || !Number.isSafeInteger(id)) return undefined;
  const username = field(from, 'username');
  const name = typeof username === 'string' ? `@${username}` : String(field(from, 'first_name') ?? id);
  return { id, name: name.slice(0, 64) };
}
