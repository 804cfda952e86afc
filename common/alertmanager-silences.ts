// The silences of Alertmanager's API, version 2: list, make, end. Keeps nothing and decides nothing.
import { requestJson } from './http-json.ts';
import { field, listOf } from './json-shape.ts';

export interface SilenceMatcher {
  readonly name: string;
  readonly value: string;
  readonly isRegex: boolean;
  readonly isEqual: boolean;
}

export interface NewSilence {
  readonly matchers: readonly SilenceMatcher[];
  /** ISO 8601, as all times here. */
  readonly startsAt: string;
  readonly endsAt: string;
  readonly createdBy: string;
  readonly comment: string;
}

export interface Silence extends NewSilence {
  readonly id: string;
  readonly state: 'active' | 'pending' | 'expired';
}

/** Every call throws an Error where Alertmanager does not answer in time or not with a 2xx. */
export interface SilenceClient {
  /** Also those that are over, as long as Alertmanager keeps them. */
  list(): Promise<readonly Silence[]>;
  /** Returns the new silence's id. */
  create(silence: NewSilence): Promise<string>;
  expire(id: string): Promise<void>;
}

export function createSilenceClient(alertmanagerUrl: string, timeoutMs = 5_000): SilenceClient {
  const api = `${alertmanagerUrl}/api/v2`;
  return {
    list: async () => listOf(await requestJson(`${api}/silences`, { timeoutMs })).map(readSilence),
    async create(silence) {
      const answer = await requestJson(`${api}/silences`, { method: 'POST', body: silence, timeoutMs });
      const id = field(answer, 'silenceID');
      if (typeof id !== 'string' || id === '') throw new Error('Alertmanager gave the silence no id');
      return id;
    },
    async expire(id) {
      await requestJson(`${api}/silence/${encodeURIComponent(id)}`, { method: 'DELETE', timeoutMs });
    },
  };
}

function readSilence(value: unknown): Silence {
  const state = field(value, 'status', 'state');
  return {
    id: String(field(value, 'id') ?? ''),
    state: state === 'active' || state === 'pending' ? state : 'expired',
    ...readSilenceContent(value),
  };
}

/** What a silence says, without its id and state: from an answer, or from what was kept of one. */
export function readSilenceContent(value: unknown): NewSilence {
  const text = (name: string) => String(field(value, name) ?? '');
  return {
    matchers: listOf(field(value, 'matchers')).map((matcher) => ({
      name: String(field(matcher, 'name') ?? ''),
      value: String(field(matcher, 'value') ?? ''),
      isRegex: field(matcher, 'isRegex') === true,
      // Alertmanager before 0.22 knew no negation, and does not name it.
      isEqual: field(matcher, 'isEqual') !== false,
    })),
    startsAt: text('startsAt'),
    endsAt: text('endsAt'),
    createdBy: text('createdBy'),
    comment: text('comment'),
  };
}
