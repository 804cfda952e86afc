// A Bot API on a real socket: keeps messages and their edits, refuses what the real one refuses, and misbehaves on request.
// Knows nothing of the bridge.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { type ApiAnswer, misbehave, refuse, reply, type ScriptedAnswer, succeed, takesMessage } from './answers.ts';
import { readForm } from './form.ts';
import { createSendLimits } from './limits.ts';
import { createMessageLog, type Parameters, type SentMessage, toResult } from './message-log.ts';
import { createUpdateQueue } from './updates.ts';

export interface RecordedRequest {
  readonly method: string;
  readonly token: string;
  readonly parameters: Parameters;
  readonly receivedAt: number;
}

export interface CallbackAnswer {
  readonly id: string;
  readonly text: string | undefined;
}

export interface TelegramSimulator {
  /** For `TELEGRAM_API_URL`. */
  readonly url: string;
  readonly messages: readonly SentMessage[];
  readonly requests: readonly RecordedRequest[];
  /** What the bot said to pressed buttons. */
  readonly callbackAnswers: readonly CallbackAnswer[];
  /** The next requests that send or edit get these answers, in order. */
  answerNext(...scripted: readonly ScriptedAnswer[]): void;
  /** Every request gets this answer until it is called with nothing. */
  answerAlways(scripted?: ScriptedAnswer): void;
  /** Every poll for updates gets this answer until it is called with nothing; polls that wait are answered first. */
  answerPolls(scripted?: ScriptedAnswer): void;
  /** Resolves with the first message for which the claim holds, now or later. @throws Error after `timeoutMs`. */
  waitFor(claim: (message: SentMessage) => boolean, timeoutMs?: number): Promise<SentMessage>;
  /** Resolves once the claim about this simulator holds. @throws Error after `timeoutMs`. */
  waitUntil(claim: (telegram: TelegramSimulator) => boolean, timeoutMs?: number): Promise<void>;
  /** Somebody deletes a message in their chat. */
  deleteMessage(messageId: number): void;
  /** Somebody writes to the bot. */
  say(chatId: number, text: string, userId?: number): void;
  /** Somebody presses a button under a message. @throws Error when there is no such message. */
  pressButton(messageId: number, data: string, userId?: number): void;
  close(): Promise<void>;
}

export interface TelegramSimulatorOptions {
  readonly port?: number;
  /** Refuse with 429 what the real limits refuse. */
  readonly isLimited?: boolean;
  /** Chats beyond these are "not found". */
  readonly knownChats?: readonly string[];
}

export async function startTelegramSimulator(options: TelegramSimulatorOptions = {}): Promise<TelegramSimulator> {
  const log = createMessageLog(options.knownChats);
  const updates = createUpdateQueue();
  const limits = createSendLimits();
  const requests: RecordedRequest[] = [];
  const callbackAnswers: CallbackAnswer[] = [];
  const watchers = new Set<() => void>();
  let scripted: readonly ScriptedAnswer[] = [];
  let always: ScriptedAnswer | undefined;
  let polls: ScriptedAnswer | undefined;

  function tellWatchers(): void {
    for (const watcher of [...watchers]) watcher();
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, token = '', method = ''] = /^\/bot([^/]+)\/(\w+)/.exec(request.url ?? '') ?? [];
    const parameters = await readForm(request);
    requests.push({ method, token, parameters, receivedAt: Date.now() });
    tellWatchers();
    const answer = nextAnswer(method);
    if (answer?.type === 'slow') await delay(answer.delayMs);
    if (answer && answer.type !== 'slow') {
      if (takesMessage(answer) && method === 'sendMessage') log.send(parameters);
      misbehave(answer, response);
    } else {
      const result = limited(method, parameters) ?? (await dispatch(method, parameters, response));
      reply(response, result);
    }
    tellWatchers();
  }

  function nextAnswer(method: string): ScriptedAnswer | undefined {
    if (method === 'getUpdates') return polls;
    const [next, ...rest] = isMessage(method) ? scripted : [];
    if (next) scripted = rest;
    return next ?? always;
  }

  function limited(method: string, parameters: Parameters): ApiAnswer | undefined {
    if (!options.isLimited || !isMessage(method)) return undefined;
    const seconds = limits.refusal(String(parameters.chat_id), Date.now());
    return seconds === undefined
      ? undefined
      : refuse(429, `Too Many Requests: retry after ${seconds}`, { retry_after: seconds });
  }

  async function dispatch(method: string, parameters: Parameters, response: ServerResponse): Promise<ApiAnswer> {
    switch (method) {
      case 'sendMessage':
        return log.send(parameters);
      case 'editMessageText':
        return log.edit(parameters);
      case 'editMessageReplyMarkup':
        return log.editKeyboard(parameters);
      case 'deleteMessage':
        return log.remove(Number(parameters.message_id));
      case 'answerCallbackQuery': {
        const { callback_query_id: id, text } = parameters;
        callbackAnswers.push({ id: String(id), text: text === undefined ? undefined : String(text) });
        return succeed(true);
      }
      case 'getMe':
        return succeed({ id: 1, is_bot: true, first_name: 'Stand-in', username: 'stand_in_bot' });
      case 'getUpdates': {
        const { offset, timeout } = parameters;
        return succeed(
          await updates.poll(Number(offset ?? 0), Number(timeout ?? 0), (done) => response.on('close', done)),
        );
      }
      case 'setMyCommands':
      case 'deleteWebhook':
        return succeed(true);
      default:
        return refuse(404, 'Not Found: method not found');
    }
  }

  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const person = (userId: number) => ({ id: userId, is_bot: false, first_name: 'Tester' });

  const simulator: TelegramSimulator = {
    url: `http://127.0.0.1:${port}`,
    messages: log.messages,
    requests,
    callbackAnswers,
    answerNext(...next) {
      scripted = [...scripted, ...next];
    },
    answerAlways(next) {
      always = next;
    },
    answerPolls(next) {
      polls = next;
    },
    async waitFor(claim, timeoutMs) {
      await simulator.waitUntil(() => log.messages.some(claim), timeoutMs);
      const found = log.messages.find(claim);
      if (!found) throw new Error('the message is gone again');
      return found;
    },
    waitUntil: (claim, timeoutMs = 20_000) =>
      new Promise((resolve, reject) => {
        const end = () => {
          clearTimeout(timer);
          watchers.delete(check);
        };
        const check = () => {
          if (!claim(simulator)) return;
          end();
          resolve();
        };
        const timer = setTimeout(() => {
          end();
          const texts = JSON.stringify(log.messages.map((message) => message.texts));
          reject(new Error(`nothing of the kind within ${timeoutMs} ms; messages: ${texts}`));
        }, timeoutMs);
        watchers.add(check);
        check();
      }),
    deleteMessage(messageId) {
      log.remove(messageId);
    },
    say(chatId, text, userId = chatId) {
      const date = Math.floor(Date.now() / 1_000);
      const command = /^\/\S+/.exec(text)?.[0];
      const entities = command ? [{ type: 'bot_command', offset: 0, length: command.length }] : [];
      const chat = { id: chatId, type: chatId > 0 ? 'private' : 'group' };
      updates.push({ message: { message_id: log.nextId(), date, chat, from: person(userId), text, entities } });
    },
    pressButton(messageId, data, userId = 1) {
      const message = log.messages.find((item) => item.messageId === messageId);
      if (!message) throw new Error(`there is no message ${messageId}`);
      const id = `press-${log.nextId()}`;
      updates.push({
        callback_query: { id, from: person(userId), chat_instance: '1', data, message: toResult(message) },
      });
    },
    close: () =>
      new Promise((resolve) => {
        updates.release();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return simulator;
}

function isMessage(method: string): boolean {
  return method === 'sendMessage' || method === 'editMessageText';
}
