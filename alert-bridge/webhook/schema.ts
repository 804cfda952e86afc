// Alertmanager's webhook, version 4, as a schema, and its reading into our own words. Open to new fields and lenient with
// old senders: what is missing is filled in, what cannot be read is refused with its place.
import Type, { type Static } from 'typebox';
import { type EpochMs, epochMs } from '../../common/brands.ts';
import { AppError } from '../../common/errors.ts';
import { type Alert, labelsHash, type Texts } from '../model/alert.ts';

const TextMap = Type.Record(Type.String(), Type.String());

const WebhookAlert = Type.Object({
  status: Type.Optional(Type.String()),
  labels: TextMap,
  annotations: Type.Optional(TextMap),
  startsAt: Type.Optional(Type.String()),
  endsAt: Type.Optional(Type.String()),
  fingerprint: Type.Optional(Type.String()),
});

/** fastify coerces: a numeric `version` or `groupKey` of an old Alertmanager becomes text. */
export const WebhookPayload = Type.Object({
  version: Type.Optional(Type.String()),
  receiver: Type.Optional(Type.String()),
  status: Type.Optional(Type.String()),
  truncatedAlerts: Type.Optional(Type.Number()),
  notification_reason: Type.Optional(Type.String()),
  alerts: Type.Array(WebhookAlert),
});
export type WebhookPayload = Static<typeof WebhookPayload>;

/** Longest label or annotation kept, UTF-16 units: a message shows 500 of them at most. */
const MAX_TEXT_LENGTH = 2_000;
const MAX_NAME_LENGTH = 200;
const MAX_ENTRIES = 64;

/**
 * Reads a payload that has passed the schema.
 * A missing fingerprint becomes a hash of the labels, a missing start the present, Go's zero time no end.
 * @throws AppError WEBHOOK_INVALID naming the place of a time or a status that cannot be read.
 */
export function readWebhook(payload: WebhookPayload, now: EpochMs): readonly Alert[] {
  return payload.alerts.map((alert, index) => {
    const status = (alert.status || payload.status || 'firing').toLowerCase();
    if (status !== 'firing' && status !== 'resolved') {
      throw invalid(index, 'status', `is neither "firing" nor "resolved" (it is ${quote(status)})`);
    }
    const endsAt = readTime(alert.endsAt, index, 'endsAt');
    return {
      receiver: payload.receiver ?? '',
      fingerprint: alert.fingerprint || labelsHash(alert.labels),
      status,
      labels: clip(alert.labels),
      annotations: clip(alert.annotations ?? {}),
      startsAt: readTime(alert.startsAt, index, 'startsAt') ?? now,
      endsAt: status === 'resolved' ? (endsAt ?? now) : undefined,
      notificationReason: payload.notification_reason,
    };
  });
}

function readTime(text: string | undefined, index: number, field: string): EpochMs | undefined {
  if (!text || text.startsWith('0001-01-01')) return undefined;
  const parsed = Date.parse(text);
  if (Number.isNaN(parsed)) throw invalid(index, field, `is no RFC 3339 time (it is ${quote(text)})`);
  return epochMs(parsed);
}

/** The same texts where nothing is to be cut, as almost always: a storm is not held in memory twice. */
function clip(texts: Texts): Texts {
  const entries = Object.entries(texts);
  if (entries.length <= MAX_ENTRIES && entries.every(isModest)) return texts;
  return Object.fromEntries(
    entries
      .slice(0, MAX_ENTRIES)
      .map(([name, text]) => [name.slice(0, MAX_NAME_LENGTH), text.slice(0, MAX_TEXT_LENGTH).toWellFormed()]),
  );
}

/** Well-formed: a lone surrogate would be refused by Telegram as broken UTF-8. */
function isModest([name, text]: readonly [string, string]): boolean {
  return name.length <= MAX_NAME_LENGTH && text.length <= MAX_TEXT_LENGTH && text.isWellFormed();
}

function quote(text: string): string {
  return JSON.stringify(text.slice(0, 60));
}

function invalid(index: number, field: string, problem: string): AppError {
  return new AppError('WEBHOOK_INVALID', `alerts/${index}/${field} ${problem}`);
}
