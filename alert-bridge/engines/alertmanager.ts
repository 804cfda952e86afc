// What the bridge asks Alertmanager: the alerts that fire or are hidden, and silences for a scope. Alertmanager alone knows both.
import { createSilenceClient, type Silence, type SilenceMatcher } from '../../common/alertmanager-silences.ts';
import { requestJson } from '../../common/http-json.ts';
import { field, listOf, textsOf } from '../../common/json-shape.ts';
import type { Texts } from '../model/alert.ts';
import type { Scope } from '../model/silence-scope.ts';

export interface EngineSilence extends Pick<Silence, 'id' | 'state' | 'createdBy' | 'comment'> {
  /** As people read it: `symbol=BTC`, regular expressions and negations included. */
  readonly matchers: string;
  readonly endsAtMs: number;
}

export interface EngineAlert {
  readonly fingerprint: string;
  readonly startsAt: string;
  readonly labels: Texts;
  readonly silencedBy: readonly string[];
}

export interface ScopedSilence {
  readonly scope: Scope;
  readonly startsAtMs: number;
  readonly endsAtMs: number;
  readonly createdBy: string;
  readonly comment: string;
}

/** Every call throws an Error when Alertmanager does not answer in time or not with a 2xx. */
export interface Alertmanager {
  /** Returns the new silence's id. */
  silence(silence: ScopedSilence): Promise<string>;
  expire(id: string): Promise<void>;
  silences(): Promise<readonly EngineSilence[]>;
  /** Alerts that it hides now. */
  silenced(): Promise<readonly EngineAlert[]>;
  /** Alerts that fire and are not hidden. */
  active(): Promise<readonly EngineAlert[]>;
}

/** Somebody waits for the answer to a command. */
const TIMEOUT_MS = 2_000;

export function createAlertmanager(url: string): Alertmanager {
  const client = createSilenceClient(url, TIMEOUT_MS);
  const alerts = async (query: string) =>
    listOf(await requestJson(`${url}/api/v2/alerts?${query}`, { timeoutMs: TIMEOUT_MS })).map(
      (alert): EngineAlert => ({
        fingerprint: String(field(alert, 'fingerprint') ?? ''),
        startsAt: String(field(alert, 'startsAt') ?? ''),
        labels: textsOf(field(alert, 'labels')),
        silencedBy: listOf(field(alert, 'status', 'silencedBy')).map(String),
      }),
    );
  return {
    silence: ({ scope, startsAtMs, endsAtMs, createdBy, comment }) =>
      client.create({
        matchers: scope.map(({ name, value }) => ({ name, value, isRegex: false, isEqual: true })),
        startsAt: new Date(startsAtMs).toISOString(),
        endsAt: new Date(endsAtMs).toISOString(),
        createdBy,
        comment,
      }),
    expire: client.expire,
    silences: async () => (await client.list()).map(toEngineSilence),
    silenced: () => alerts('active=false&inhibited=false&unprocessed=false&silenced=true'),
    active: () => alerts('active=true&inhibited=false&unprocessed=false&silenced=false'),
  };
}

function toEngineSilence({ id, state, matchers, createdBy, comment, endsAt }: Silence): EngineSilence {
  return {
    ...{ id, state, createdBy, comment },
    matchers: matchers.map(matcherText).join(', '),
    endsAtMs: Date.parse(endsAt) || 0,
  };
}

function matcherText({ name, value, isRegex, isEqual }: SilenceMatcher): string {
  const sign = isRegex ? (isEqual ? '=~' : '!~') : isEqual ? '=' : '!=';
  return `${name}${sign}${value}`;
}
