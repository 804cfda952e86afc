// Subscriptions behind one asynchronous interface, kept beside the outbox that decides by them.
import type { EpochMs } from '../../common/brands.ts';
import type { ChatAddress } from '../model/chat.ts';
import type { Subscription } from '../model/subscription.ts';

export interface Subscriber {
  readonly chat: ChatAddress;
  /** Named in the configuration: hears everything until somebody changes it, and cannot be forgotten. */
  readonly isConfigured: boolean;
  readonly subscription: Subscription;
}

export interface SubscriptionStore {
  /** Configured chats first, then those that were added. */
  list(): Promise<readonly Subscriber[]>;
  find(chatKey: string): Promise<Subscriber | undefined>;
  /** Adds or changes a subscriber; resolves after the durable commit. @throws AppError OUTBOX_UNAVAILABLE */
  put(chat: ChatAddress, subscription: Subscription, now: EpochMs): Promise<void>;
  /** A configured chat gets everything again, another one hears no more. `false` when nothing was kept of it. */
  remove(chatKey: string): Promise<boolean>;
}
