// Bybit: one liquidation topic per contract, on a linear and an inverse path; a connection may be asked for 21,000
// characters of topics, and one bad topic spoils its whole request.

import type { CanonicalSymbol } from '../../../common/brands.ts';
import { asRecord, textOf } from '../../../common/json-shape.ts';
import type { Instrument } from '../../catalogue/instruments.ts';
import type { ConnectionPlan, ControlFrame, VenueProtocol } from '../venue-protocol.ts';

type Margin = Instrument['margin'];

/** Below the documented 21,000, with room for the control topics. */
const MAX_CHARACTERS = 20_000;
const SUBSCRIBED_ALREADY = /already subscribed/i;

const topicOf = ({ instrumentId }: Instrument): string => `allLiquidation.${instrumentId}`;
const tickerOf = ({ instrumentId }: Instrument): string => `tickers.${instrumentId}`;

/** Characters of the `args` array, quotes and comma included. */
function charactersOf(topics: readonly string[]): number {
  return topics.reduce((sum, topic) => sum + topic.length + 3, 0);
}

/** The routes of one margin kind: the watched contracts first, the rest of the universe on further connections. */
function planMargin(
  margin: Margin,
  bases: readonly string[],
  instruments: readonly Instrument[],
  symbols: ReadonlySet<CanonicalSymbol>,
  present: readonly ConnectionPlan[],
): readonly ConnectionPlan[] {
  const isControl = ({ symbol, isPerpetual, isUsdQuoted }: Instrument) =>
    isPerpetual && isUsdQuoted && symbols.has(symbol);
  const controls = instruments.filter(isControl);
  // A contract of which a route that carries no watched one can know that it lives.
  const reference = controls[0] ?? instruments.find(({ isPerpetual }) => isPerpetual);
  const listed = new Set(instruments.map(topicOf));
  const urls = bases.map((base) => `${base}/${margin}`);
  const routes = new Map<string, string[]>();
  for (const route of present) {
    if (route.name.startsWith(`${margin}-`))
      routes.set(
        route.name,
        route.topics.filter((topic) => listed.has(topic)),
      );
  }
  const placed = new Set([...routes.values()].flat());
  const place = (topics: readonly string[], first: number) => {
    for (const topic of topics) {
      if (placed.has(topic)) continue;
      let number = first;
      while (charactersOf([...(routes.get(`${margin}-${number}`) ?? []), topic]) > MAX_CHARACTERS) number += 1;
      const name = `${margin}-${number}`;
      routes.set(name, [...(routes.get(name) ?? []), topic]);
      placed.add(topic);
    }
  };
  const watched = new Set(instruments.filter(({ symbol }) => symbols.has(symbol)).map(topicOf));
  place([...watched], 1);
  place(instruments.map(topicOf), controls.length > 0 ? 2 : 1);
  return [...routes]
    .filter(([, topics]) => topics.length > 0)
    .map(([name, topics], index) => {
      const controlTopics =
        index === 0 && controls.length > 0 ? controls.map(tickerOf) : reference ? [tickerOf(reference)] : [];
      const carriesWatched = topics.some((topic) => watched.has(topic));
      return { name, urls, controlTopics, topics, carriesWatched, contracts: undefined };
    });
}

function readControl(message: unknown): ControlFrame | undefined {
  const frame = asRecord(message);
  if (!frame || 'topic' in frame) return undefined;
  const { op, success } = frame;
  const text = textOf(frame.ret_msg) ?? '';
  if (op === 'pong' || text === 'pong') return { type: 'pong' };
  const requestId = textOf(frame.req_id);
  if (success === false) {
    const topic = /topic:\s*([^,\s]+)/.exec(text)?.[1];
    return { type: 'rejected', requestId, topic, isAlreadySubscribed: SUBSCRIBED_ALREADY.test(text), text };
  }
  if (op === 'subscribe') return { type: 'acknowledged', requestId, topic: undefined };
  return op === undefined ? undefined : { type: 'ignored' };
}

/** @see https://bybit-exchange.github.io/docs/v5/ws/connect (copy read 2026-11-20) */
export function bybitProtocol(bases: readonly string[]): VenueProtocol {
  return {
    exchange: 'bybit',
    plan: (instruments, symbols, present) =>
      (['linear', 'inverse'] as const).flatMap((margin) => {
        const ofMargin = instruments.filter((instrument) => instrument.margin === margin);
        return planMargin(margin, bases, ofMargin, symbols, present);
      }),
    batchSize: 50,
    subscribeFrame: (requestId, args) => JSON.stringify({ op: 'subscribe', args, req_id: requestId }),
    readControl,
    barePong: undefined,
    keepAlive: { frame: '{"op":"ping"}', intervalMs: 20_000, when: 'always', answerMs: 10_000 },
    lifetimeMs: undefined,
    mayReplay: false,
  };
}
