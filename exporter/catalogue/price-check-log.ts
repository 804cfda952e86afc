// Tells the log what the price check finds, when it finds it: a verdict is news once, not at every refresh.
import type { Logger } from '../../common/logger.ts';
import type { PriceDeviation, PriceFinding } from './price-check.ts';

/** Contracts named in one line; the count says how many there are. */
const MAX_NAMED = 20;

const MESSAGES: Readonly<Record<PriceFinding, { readonly level: 'warn' | 'info'; readonly text: string }>> = {
  excluded: { level: 'warn', text: 'scaled contracts excluded: their price fits no other venue’s' },
  differs: { level: 'warn', text: 'contracts whose price differs from the other venues’' },
  unchecked: { level: 'info', text: 'scaled contracts that no other venue prices' },
  unreviewed: { level: 'info', text: 'contracts that look scaled and that nobody has reviewed' },
};

export class PriceCheckLog {
  readonly #logger: Logger;
  #known: ReadonlySet<string> = new Set();

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** Logs what was not there at the last report, a line for each kind of finding; and what has been settled since. */
  report(verdicts: readonly PriceDeviation[]): void {
    const keys = new Set(verdicts.map(keyOf));
    const fresh = verdicts.filter((verdict) => !this.#known.has(keyOf(verdict)));
    for (const [finding, group] of Map.groupBy(fresh, ({ finding }) => finding)) {
      const { level, text } = MESSAGES[finding];
      const named = group.slice(0, MAX_NAMED).map(({ instrument, priceUsd, othersUsd }) => {
        return { exchange: instrument.exchange, contract: instrument.instrumentId, priceUsd, othersUsd };
      });
      this.#logger[level]({ finding, count: group.length, contracts: named }, text);
    }
    const settled = [...this.#known].filter((key) => key.startsWith('excluded ') && !keys.has(key));
    if (settled.length > 0) {
      this.#logger.info(
        { count: settled.length, contracts: settled.slice(0, MAX_NAMED) },
        'contracts excluded no longer',
      );
    }
    this.#known = keys;
  }
}

function keyOf({ finding, instrument }: PriceDeviation): string {
  return `${finding} ${instrument.exchange} ${instrument.instrumentId}`;
}
