// Several streams read as one, in the order of arrival. Streams may be added while it is read.

/** So many items may wait to be read; a stream that is ahead by more waits too. */
const MAX_WAITING = 256;

export class MergedStreams<Item> implements AsyncIterable<Item> {
  readonly #waiting: Item[] = [];
  readonly #keepOpen: AbortSignal | undefined;
  #streams = 0;
  #failure: { readonly error: unknown } | undefined;
  #changed = Promise.withResolvers<void>();
  #read = Promise.withResolvers<void>();

  /** @param keepOpen until it aborts the merged stream goes on without any stream in it; without it, it ends with the last */
  constructor(keepOpen?: AbortSignal) {
    this.#keepOpen = keepOpen;
    keepOpen?.addEventListener('abort', () => this.#changed.resolve(), { once: true });
  }

  add(stream: AsyncIterable<Item>): void {
    this.#streams += 1;
    void this.#pump(stream);
  }

  /** Ends when every stream has ended. @throws what a stream throws */
  async *[Symbol.asyncIterator](): AsyncGenerator<Item> {
    for (;;) {
      for (const item of this.#waiting.splice(0)) yield item;
      this.#read.resolve();
      this.#read = Promise.withResolvers<void>();
      if (this.#waiting.length > 0) continue;
      if (this.#failure) throw this.#failure.error;
      const isOpen = this.#keepOpen !== undefined && !this.#keepOpen.aborted;
      if (this.#streams === 0 && !isOpen) return;
      await this.#changed.promise;
      this.#changed = Promise.withResolvers<void>();
    }
  }

  async #pump(stream: AsyncIterable<Item>): Promise<void> {
    try {
      for await (const item of stream) {
        this.#waiting.push(item);
        this.#changed.resolve();
        if (this.#waiting.length >= MAX_WAITING) await this.#read.promise;
      }
    } catch (error) {
      this.#failure = { error };
    } finally {
      this.#streams -= 1;
      this.#changed.resolve();
    }
  }
}
