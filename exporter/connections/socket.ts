// One websocket, from handshake to close, as a stream of what happens on it. It judges nothing; `session.ts` does.
import { WebSocket } from 'ws';
import type { EpochMs } from '../../common/brands.ts';
import type { Clock } from '../../common/clock.ts';
import { errorText } from '../../common/errors.ts';
import type { Reject } from '../events.ts';
import { describeRefusal } from '../requests/refusal.ts';

/** Why a socket is over, in plain words. */
export interface SocketEnd {
  /** `mute` is our own judgement of an open socket; `stopped` our own wish. */
  readonly type: 'refused' | 'closed' | 'mute' | 'stopped';
  readonly text: string;
  /** Least wait before the next attempt, milliseconds. */
  readonly waitMs: number;
}

export type SocketEvent =
  | { readonly type: 'opened' }
  | { readonly type: 'text'; readonly text: string; readonly receiveTime: EpochMs }
  /** A frame that cannot be a message. */
  | { readonly type: 'unusable'; readonly reject: Reject; readonly receiveTime: EpochMs }
  /** The last one, whatever happened. */
  | { readonly type: 'ended'; readonly end: SocketEnd };

export interface Socket {
  /** To be read once. While it is not read, the venue is made to wait. */
  readonly events: AsyncIterable<SocketEvent>;
  send(frame: string): void;
  /** Ends at once, without a closing handshake: a mute peer would not answer one. */
  end(type: 'mute' | 'stopped', text: string): void;
}

/** Larger frames are counted and dropped. The largest legitimate ones are some tens of kilobytes. */
const MAX_FRAME_BYTES = 4_194_304;
/** Larger ones are not even received: the library closes the connection. */
const MAX_PAYLOAD_BYTES = 16_777_216;
/** With so many events unread no more is taken from the network. */
const MAX_UNREAD = 1_024;

/** @param url must be valid; a bad one ends the socket like any other failure */
export function openSocket(url: string, clock: Clock): Socket {
  const unread: SocketEvent[] = [];
  let arrived = Promise.withResolvers<void>();
  let isOver = false;
  let failure: string | undefined;
  const websocket = new WebSocket(url, {
    perMessageDeflate: false,
    maxPayload: MAX_PAYLOAD_BYTES,
    followRedirects: false,
    skipUTF8Validation: false,
  });
  const push = (event: SocketEvent) => {
    if (isOver) return;
    isOver = event.type === 'ended';
    unread.push(event);
    if (unread.length >= MAX_UNREAD) websocket.pause();
    arrived.resolve();
  };
  const end = (reason: SocketEnd) => {
    push({ type: 'ended', end: reason });
    websocket.terminate();
  };
  const pushUnusable = (reason: Reject['reason'], detail: string) =>
    push({ type: 'unusable', reject: { reason, detail }, receiveTime: clock.now() });
  websocket.on('open', () => push({ type: 'opened' }));
  websocket.on('message', (data, isBinary) => {
    const frame = Array.isArray(data) ? Buffer.concat(data) : Buffer.isBuffer(data) ? data : Buffer.from(data);
    if (isBinary) pushUnusable('binary', `${frame.length} bytes`);
    else if (frame.length > MAX_FRAME_BYTES) pushUnusable('too_large', `${frame.length} bytes`);
    else push({ type: 'text', text: frame.toString(), receiveTime: clock.now() });
  });
  websocket.on('unexpected-response', (request, response) => {
    const { statusCode = 0, headers } = response;
    const { waitMs, text } = describeRefusal(statusCode, headers['retry-after'], clock.wallNow());
    request.destroy();
    end({ type: 'refused', text: `handshake refused: ${text}`, waitMs });
  });
  websocket.on('error', (error) => {
    failure = errorText(error);
    if (isTooLarge(error)) pushUnusable('too_large', failure);
  });
  websocket.on('close', (code, reason) => {
    // 1006 is the library's own word for "no close frame came".
    const closing =
      code === 1006 ? 'connection lost' : `closed by the venue with ${code} ${reason.toString().slice(0, 100)}`;
    end({ type: 'closed', text: (failure ?? closing).trim(), waitMs: 0 });
  });

  async function* events(): AsyncGenerator<SocketEvent> {
    for (;;) {
      for (const event of unread.splice(0)) {
        yield event;
        if (event.type === 'ended') return;
      }
      if (websocket.isPaused) websocket.resume();
      if (unread.length > 0) continue;
      await arrived.promise;
      arrived = Promise.withResolvers<void>();
    }
  }

  return {
    events: events(),
    send(frame) {
      if (websocket.readyState === WebSocket.OPEN) websocket.send(frame);
    },
    end: (type, text) => end({ type, text, waitMs: 0 }),
  };
}

function isTooLarge(error: Error): boolean {
  return 'code' in error && error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH';
}
