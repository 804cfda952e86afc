// Alertmanager's API, version 2: the silences that it has, the alerts that it hides. It alone knows both; we only ask.
import { field, listOf } from '../../common/json-shape.ts';
import type { Texts } from '../model/alert.ts';
import type { Scope } from '../model/silence-scope.ts';
import { requestJson, texts } from './http-json.ts';

export interface EngineSilence {
  readonly id: string;
  readonly state: 'active' | 'pending' | 'expired';
  /** As people read it: `symbol=BTC`, regular expressions and negations included. */
  readonly matchers: string;
  readonly createdBy: string;
  readonly comment: string;
  readonly endsAtMs: number;
}

export interface EngineAlert {
  readonly fingerprint: string;
  readonly startsAt: string;
  readonly labels: Texts;
  readonly annotations: Texts;
  readonly silencedBy: readonly string[];
}

export interface NewSilence {
  readonly scope: Scope;
  readonly startsAtMs: number;
  readonly endsAtMs: number;
  readonly createdBy: string;
  readonly comment: string;
}

/** Every call throws an Error when Alertmanager does not answer in time or not with a 2xx. */
export interface Alertmanager {
  /** Returns the new silence's id. */
  silence(silence: NewSilence): Promise<string>;
  expire(id: string): Promise<void>;
  silences(): Promise<readonly EngineSilence[]>;
  /** Alerts that it hides now. */
  silenced(): Promise<readonly EngineAlert[]>;
  /** Alerts that fire and are not hidden. */
  active(): Promise<readonly EngineAlert[]>;
}

export function createAlertmanager(url: string): Alertmanager {
  const alerts = async (query: string) =>
    listOf(await requestJson(`${url}/api/v2/alerts?${query}`)).map(
      (alert): EngineAlert => ({
        fingerprint: String(field(alert, 'fingerprint') ?? ''),
        startsAt: String(field(alert, 'startsAt') ?? ''),
        labels: texts(field(alert, 'labels')),
        annotations: texts(field(alert, 'annotations')),
        silencedBy: listOf(field(field(alert, 'status'), 'silencedBy')).map(String),
      }),
    );
  return {
    async silence({ scope, startsAtMs, endsAtMs, createdBy, comment }) {
      const answer = await requestJson(`${url}/api/v2/silences`, {
        method: 'POST',
        body: {
          matchers: scope.map(({ name, value }) => ({ name, value, isRegex: false, isEqual: true })),
          startsAt: new Date(startsAtMs).toISOString(),
          endsAt: new Date(endsAtMs).toISOString(),
          createdBy,
          comment,
        },
      });
      const id = field(answer, 'silenceID');
      if (typeof id !== 'string' || id === '') throw new Error('Alertmanager gave the silence no id');
      return id;
    },
    async expire(id) {
      await requestJson(`${url}/api/v2/silence/${encodeURIComponent(id)}`, { method: 'DELETE' });
    },
    silences: async () => listOf(await requestJson(`${url}/api/v2/silences`)).map(readSilence),
    silenced: () => alerts('active=false&inhibited=false&unprocessed=false&silenced=true'),
    active: () => alerts('active=true&inhibited=false&unprocessed=false&silenced=false'),
  };
}

function readSilence(value: unknown): EngineSilence {
  const state = field(field(value, 'status'), 'state');
  return {
    id: String(field(value, 'id') ?? ''),
    state: state === 'active' || state === 'pending' ? state : 'expired',
    matchers: listOf(field(value, 'matchers')).map(matcherText).join(', '),
    createdBy: String(field(value, 'createdBy') ?? ''),
    comment: String(field(value, 'comment') ?? ''),
    endsAtMs: Date.parse(String(field(value, 'endsAt') ?? '')) || 0,
  };
}

function matcherText(matcher: unknown): string {
  const sign = `${field(matcher, 'isEqual') === false ? '!' : ''}${field(matcher, 'isRegex') === true ? '=~' : '='}`;
  return `${String(field(matcher, 'name'))}${sign.replace('!=~', '!~')}${String(field(matcher, 'value'))}`;
}
