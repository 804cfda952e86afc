// What one connection has asked for and what the venue has confirmed. Pure bookkeeping: it sends nothing and knows no time
// but what it is given. One bad topic spoils a whole request on some venues, so a refused request is taken apart.

export interface SubscribeRequest {
  readonly id: string;
  readonly topics: readonly string[];
}

interface Batch {
  readonly topics: readonly string[];
  readonly attempt: number;
}

interface Outstanding extends Batch {
  readonly sentAtMs: number;
}

const MAX_OUTSTANDING = 4;
const MAX_ATTEMPTS = 2;

export class Subscriptions {
  readonly #batchSize: number;
  readonly #known = new Set<string>();
  readonly #confirmed = new Set<string>();
  readonly #outstanding = new Map<string, Outstanding>();
  #queue: Batch[] = [];
  #lastId = 0;

  constructor(batchSize: number) {
    this.#batchSize = batchSize;
  }

  /** Nothing is queued and nothing unanswered. */
  get isSettled(): boolean {
    return this.#queue.length === 0 && this.#outstanding.size === 0;
  }

  isConfirmed(topic: string): boolean {
    return this.#confirmed.has(topic);
  }

  /** Queues what was not asked for yet. */
  want(topics: readonly string[]): void {
    const fresh = topics.filter((topic) => !this.#known.has(topic));
    for (const topic of fresh) this.#known.add(topic);
    for (let start = 0; start < fresh.length; start += this.#batchSize) {
      this.#queue.push({ topics: fresh.slice(start, start + this.#batchSize), attempt: 1 });
    }
  }

  /** The next request to send; `undefined` while enough are unanswered or nothing is left. */
  next(nowMs: number): SubscribeRequest | undefined {
    const batch = this.#outstanding.size < MAX_OUTSTANDING ? this.#queue.shift() : undefined;
    if (!batch) return undefined;
    this.#lastId += 1;
    const id = String(this.#lastId);
    this.#outstanding.set(id, { ...batch, sentAtMs: nowMs });
    return { id, topics: batch.topics };
  }

  /** A venue that confirms topic by topic names the topic; else the whole request is confirmed. */
  confirm(requestId: string | undefined, topic: string | undefined): void {
    const id = this.#idOf(requestId, topic);
    const request = id === undefined ? undefined : this.#outstanding.get(id);
    if (topic !== undefined && this.#known.has(topic)) this.#confirmed.add(topic);
    if (id === undefined || !request) return;
    if (topic === undefined) for (const each of request.topics) this.#confirmed.add(each);
    if (request.topics.every((each) => this.#confirmed.has(each))) this.#outstanding.delete(id);
  }

  /**
   * Takes a refused request apart. With the culprit named, the others are asked for again together; else one by one.
   * @returns the topics that are refused for good
   */
  reject(requestId: string | undefined, topic: string | undefined, isAlreadySubscribed: boolean): readonly string[] {
    const id = this.#idOf(requestId, topic);
    const request = id === undefined ? undefined : this.#outstanding.get(id);
    if (id === undefined || !request) return [];
    this.#outstanding.delete(id);
    const open = request.topics.filter((each) => !this.#confirmed.has(each));
    const culprit = topic !== undefined && open.includes(topic) ? topic : open.length === 1 ? open[0] : undefined;
    if (culprit === undefined) {
      this.#queue = [...open.map((each) => ({ topics: [each], attempt: 1 })), ...this.#queue];
      return [];
    }
    if (isAlreadySubscribed) this.#confirmed.add(culprit);
    const others = open.filter((each) => each !== culprit);
    if (others.length > 0) this.#queue.unshift({ topics: others, attempt: 1 });
    return isAlreadySubscribed ? [] : [culprit];
  }

  /** Requests without an answer since `limitMs` are asked once more and then left unconfirmed. @returns topics given up */
  expire(nowMs: number, limitMs: number): readonly string[] {
    const givenUp: string[] = [];
    for (const [id, request] of this.#outstanding) {
      if (nowMs - request.sentAtMs < limitMs) continue;
      this.#outstanding.delete(id);
      const topics = request.topics.filter((topic) => !this.#confirmed.has(topic));
      if (request.attempt < MAX_ATTEMPTS) this.#queue.push({ topics, attempt: request.attempt + 1 });
      else givenUp.push(...topics);
    }
    return givenUp;
  }

  /** By its id, else by the topic it holds, else the oldest: venues answer in order and not all repeat the id. */
  #idOf(requestId: string | undefined, topic: string | undefined): string | undefined {
    if (requestId !== undefined && this.#outstanding.has(requestId)) return requestId;
    for (const [id, request] of this.#outstanding) {
      if (topic === undefined || request.topics.includes(topic)) return id;
    }
    return undefined;
  }
}
