// One websocket, from handshake to close, in the words the rest of a feed needs: text frames in, one reason at the end. It
// judges nothing; `session.ts` does.
import { WebSocket } from 'ws';
import type { Clock } from '../../common/clock.ts';
import { errorText } from '../../common/errors.ts';
import type { Reject } from '../events.ts';
import { describeRefusal } from '../requests/refusal.ts';

/** Why a connection is over, in plain words. */
export interface SocketEnd {
  /** `mute` is our own judgement of an open socket; `stopped` our own wish. */
  readonly type: 'refused' | 'closed' | 'mute' | 'stopped';
  readonly text: string;
  /** Least wait before the next attempt, milliseconds. */
  readonly waitMs: number;
}

export interface SocketHandlers {
  onOpen(): void;
  onText(text: string): void;
  onReject(reject: Reject): void;
  /** Once, whatever happened; nothing is called after it. */
  onEnd(end: SocketEnd): void;
}

export interface Socket {
  send(frame: string): void;
  /** Ends at once, without a closing handshake: a mute peer would not answer one. */
  end(type: 'mute' | 'stopped', text: string): void;
}

/** Larger frames are counted and dropped. The largest legitimate ones are some tens of kilobytes. */
const MAX_FRAME_BYTES = 4_194_304;
/** Larger ones are not even received: the library closes the connection. */
const MAX_PAYLOAD_BYTES = 16_777_216;

/** @param url must be valid; a bad one ends the socket like any other failure */
export function openSocket(url: string, clock: Clock, handlers: SocketHandlers): Socket {
  let isOver = false;
  let failure: string | undefined;
  const websocket = new WebSocket(url, {
    perMessageDeflate: false,
    maxPayload: MAX_PAYLOAD_BYTES,
    followRedirects: false,
    skipUTF8Validation: false,
  });
  const end = (reason: SocketEnd) => {
    if (isOver) return;
    isOver = true;
    websocket.terminate();
    handlers.onEnd(reason);
  };
  websocket.on('open', () => {
    if (!isOver) handlers.onOpen();
  });
  websocket.on('message', (data, isBinary) => {
    if (isOver) return;
    const frame = Array.isArray(data) ? Buffer.concat(data) : Buffer.isBuffer(data) ? data : Buffer.from(data);
    if (isBinary) handlers.onReject({ reason: 'binary', detail: `${frame.length} bytes` });
    else if (frame.length > MAX_FRAME_BYTES)
      handlers.onReject({ reason: 'too_large', detail: `${frame.length} bytes` });
    else handlers.onText(frame.toString());
  });
  websocket.on('unexpected-response', (request, response) => {
    const { waitMs, text } = describeRefusal(
      response.statusCode ?? 0,
      response.headers['retry-after'],
      clock.wallNow(),
    );
    const refusal: SocketEnd = { type: 'refused', text: `handshake refused: ${text}`, waitMs };
    request.destroy();
    end(refusal);
  });
  websocket.on('error', (error) => {
    failure = errorText(error);
    if (isTooLarge(error) && !isOver) handlers.onReject({ reason: 'too_large', detail: failure });
  });
  websocket.on('close', (code, reason) => {
    // 1006 is the library's own word for "no close frame came".
    const closing =
      code === 1006 ? 'connection lost' : `closed by the venue with ${code} ${reason.toString().slice(0, 100)}`;
    end({ type: 'closed', text: (failure ?? closing).trim(), waitMs: 0 });
  });
  return {
    send(frame) {
      if (websocket.readyState === WebSocket.OPEN) websocket.send(frame);
    },
    end: (type, text) => end({ type, text, waitMs: 0 }),
  };
}

function isTooLarge(error: Error): boolean {
  return 'code' in error && error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH';
}
