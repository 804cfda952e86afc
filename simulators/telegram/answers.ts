// Scripted answers: what a test makes Telegram say, or not say, to the next requests.
import type { ServerResponse } from 'node:http';

export type ScriptedAnswer =
  /** A Bot API error with its status, as the real one words it. */
  | {
      readonly type: 'error';
      readonly code: number;
      readonly description?: string;
      readonly parameters?: Readonly<Record<string, number>>;
    }
  /** A status with a body that is no answer of the Bot API. */
  | { readonly type: 'raw'; readonly status: number; readonly body: string }
  /** Never answers; the message is taken all the same. */
  | { readonly type: 'hang' }
  /** Takes the message, then closes the connection in the middle of the body. */
  | { readonly type: 'close_mid_body' }
  /** Closes the connection without a word; nothing is taken. */
  | { readonly type: 'reset' }
  /** Takes the message and answers broken JSON with status 200. */
  | { readonly type: 'broken_json' }
  /** Takes and answers like the real one, after a while. */
  | { readonly type: 'slow'; readonly delayMs: number };

/** Answers that Telegram gives most, by name. */
export const answers = {
  blocked: { type: 'error', code: 403, description: 'Forbidden: bot was blocked by the user' },
  chatNotFound: { type: 'error', code: 400, description: 'Bad Request: chat not found' },
  cannotParse: {
    type: 'error',
    code: 400,
    description: 'Bad Request: can\'t parse entities: Unsupported start tag "foo" at byte offset 0',
  },
  notModified: {
    type: 'error',
    code: 400,
    description:
      'Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message',
  },
  editNotFound: { type: 'error', code: 400, description: 'Bad Request: message to edit not found' },
  cannotEdit: { type: 'error', code: 400, description: "Bad Request: message can't be edited" },
  unauthorized: { type: 'error', code: 401, description: 'Unauthorized' },
  conflict: {
    type: 'error',
    code: 409,
    description: 'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running',
  },
  internal: { type: 'error', code: 500, description: 'Internal Server Error' },
  badGateway: { type: 'raw', status: 502, body: '<html><h1>502 Bad Gateway</h1></html>' },
  tooMany: (seconds: number): ScriptedAnswer => ({
    type: 'error',
    code: 429,
    description: `Too Many Requests: retry after ${seconds}`,
    parameters: { retry_after: seconds },
  }),
  migrated: (chatId: number): ScriptedAnswer => ({
    type: 'error',
    code: 400,
    description: 'Bad Request: group chat was upgraded to a supergroup chat',
    parameters: { migrate_to_chat_id: chatId },
  }),
} as const satisfies Record<string, ScriptedAnswer | ((value: number) => ScriptedAnswer)>;

/** Answers that follow the message having been taken. */
export function takesMessage(answer: ScriptedAnswer): boolean {
  return ['hang', 'close_mid_body', 'broken_json'].includes(answer.type);
}

export interface ApiAnswer {
  readonly status: number;
  readonly body: unknown;
}

export function succeed(result: unknown): ApiAnswer {
  return { status: 200, body: { ok: true, result } };
}

/** The status of the answer is the code of the error, as far as HTTP has such a status. */
export function refuse(code: number, description: string, parameters?: object): ApiAnswer {
  const status = code >= 200 && code <= 599 ? code : 500;
  return { status, body: { ok: false, error_code: code, description, ...(parameters ? { parameters } : {}) } };
}

export function reply(response: ServerResponse, { status, body }: ApiAnswer): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/** Answers as scripted; for `hang` that is not at all. */
export function misbehave(answer: ScriptedAnswer, response: ServerResponse): void {
  switch (answer.type) {
    case 'error':
      reply(response, refuse(answer.code, answer.description ?? `Error ${answer.code}`, answer.parameters));
      break;
    case 'raw':
      response.writeHead(answer.status, { 'content-type': 'text/html' }).end(answer.body);
      break;
    case 'hang':
    case 'slow':
      break;
    case 'close_mid_body':
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '500' });
      response.write('{"ok":true,"result":{"mess', () => response.socket?.destroy());
      break;
    case 'reset':
      response.socket?.destroy();
      break;
    case 'broken_json':
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"ok":tru');
  }
}
