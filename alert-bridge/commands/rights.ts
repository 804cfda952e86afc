// What a person may do in a chat, by the allow-list. Pure.
import type { Subscriber } from '../subscriptions/store.ts';
import type { Person, Place } from '../telegram/incoming.ts';

/** Members read and change their own subscription; admins also silence and see the stack; strangers get a refusal. */
export type Rights = 'admin' | 'member' | 'stranger';

const ORDER: readonly Rights[] = ['stranger', 'member', 'admin'];

/** @param subscriber the chat as the bridge knows it; a group's id gives nobody more than membership */
export function rightsOf(person: Person, subscriber: Subscriber | undefined, adminIds: readonly number[]): Rights {
  if (adminIds.includes(person.id)) return 'admin';
  return subscriber === undefined ? 'stranger' : 'member';
}

export function isEnough(has: Rights, needs: Rights): boolean {
  return ORDER.indexOf(has) >= ORDER.indexOf(needs);
}

/** The subscriber that a place is: its topic where that is known, else its chat as a whole, else any topic of it. */
export function subscriberAt(place: Place, subscribers: readonly Subscriber[]): Subscriber | undefined {
  const here = subscribers.filter(({ chat }) => chat.chatId === place.chatId);
  return (
    here.find(({ chat }) => chat.threadId === place.threadId) ??
    here.find(({ chat }) => chat.threadId === undefined) ??
    here[0]
  );
}
