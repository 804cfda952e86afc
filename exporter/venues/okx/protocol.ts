// OKX: one connection with an all-market liquidation channel per contract kind, text pings, and a notice before upgrades.

import type { CanonicalSymbol } from '../../../common/brands.ts';
import { asRecord, textOf } from '../../../common/json-shape.ts';
import type { Instrument } from '../../catalogue/instruments.ts';
import type { ControlFrame, VenueProtocol } from '../venue-protocol.ts';

/** A venue allows 480 subscriptions an hour on a connection. */
const MAX_CONTROL_CONTRACTS = 50;
const UPGRADE_NOTICE = '64008';

/** Topics are `channel:instId`, for liquidations `channel:instType`. */
function argOf(topic: string): Readonly<Record<string, string>> {
  const at = topic.indexOf(':');
  const channel = topic.slice(0, at);
  const name = topic.slice(at + 1);
  return channel === 'liquidation-orders' ? { channel, instType: name } : { channel, instId: name };
}

function topicOf(arg: unknown): string | undefined {
  const record = asRecord(arg);
  const channel = textOf(record?.channel);
  const name = textOf(record?.instId) ?? textOf(record?.instType);
  return channel && name ? `${channel}:${name}` : undefined;
}

function controlTopics(instruments: readonly Instrument[], symbols: ReadonlySet<CanonicalSymbol>): readonly string[] {
  return instruments
    .filter(({ isPerpetual, isUsdQuoted, symbol }) => isPerpetual && isUsdQuoted && symbols.has(symbol))
    .slice(0, MAX_CONTROL_CONTRACTS)
    .flatMap(({ instrumentId }) => [`mark-price:${instrumentId}`, `open-interest:${instrumentId}`]);
}

function readControl(message: unknown): ControlFrame | undefined {
  const frame = asRecord(message);
  if (!frame || !('event' in frame)) return undefined;
  const requestId = textOf(frame.id);
  const text = `${textOf(frame.msg) ?? 'no reason given'} (code ${textOf(frame.code) ?? 'none'})`;
  switch (frame.event) {
    case 'subscribe':
      return { type: 'acknowledged', requestId, topic: topicOf(frame.arg) };
    case 'error':
      return { type: 'rejected', requestId, topic: topicOf(frame.arg), isAlreadySubscribed: false, text };
    case 'notice':
      return textOf(frame.code) === UPGRADE_NOTICE ? { type: 'reconnect', text } : { type: 'ignored' };
    default:
      return { type: 'ignored' };
  }
}

/** @see https://www.okx.com/docs-v5/en/#overview-websocket (copy read 2026-11-20) */
export function okxProtocol(urls: readonly string[]): VenueProtocol {
  return {
    exchange: 'okx',
    plan(instruments, symbols) {
      if (instruments.length === 0) return [];
      const topics = ['liquidation-orders:SWAP', 'liquidation-orders:FUTURES'];
      const controls = controlTopics(instruments, symbols);
      const contracts = instruments.length;
      return [{ name: 'public', urls, controlTopics: controls, topics, carriesWatched: true, contracts }];
    },
    batchSize: 50,
    subscribeFrame: (id, topics) => JSON.stringify({ id, op: 'subscribe', args: topics.map(argOf) }),
    readControl,
    barePong: 'pong',
    // The venue closes after 30 s of silence (4004).
    keepAlive: { frame: 'ping', intervalMs: 20_000, when: 'silent', answerMs: 8_000 },
    lifetimeMs: undefined,
    mayReplay: true,
  };
}
