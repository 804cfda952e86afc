// What a connection is told that sent no request we could hand to a route: too slow, too long, or no HTTP.
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Answers and closes. A request that did not arrive in time is a 503, not HTTP's own 408: Alertmanager repeats 5xx only, and
 * its webhook may be late because this process, or the whole machine, stood still while it was sent.
 */
export function answerClientError(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const status = statusOf(error.code);
  if (socket.writable) {
    socket.write(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
  }
  socket.destroy();
}

function statusOf(code: string | undefined): 400 | 431 | 503 {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return 503;
  return code === 'HPE_HEADER_OVERFLOW' ? 431 : 400;
}
