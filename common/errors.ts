// The one error class of both services. Callers branch on `code`, never on the text.

/** A failure with a stable, prefixed code such as `CONFIG_INVALID`, `FEED_STALE` or `OUTBOX_FULL`. */
export class AppError<Code extends string = string> extends Error {
  readonly code: Code;

  constructor(code: Code, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = 'AppError';
    this.code = code;
  }
}

/** Proves to the compiler, and at run time, that a union has no member left. */
export function assertNever(value: never): never {
  throw new AppError('IMPOSSIBLE_STATE', `impossible value: ${JSON.stringify(value)}`);
}

/** The text of anything that was thrown, for logs and messages to people. */
export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
