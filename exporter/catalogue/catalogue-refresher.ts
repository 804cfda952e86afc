// Fills the contract catalogue from REST at start, with retries, and again every hour. Each list of a venue (USD-M and
// COIN-M, linear and inverse, swaps and futures) goes its own way: one that fails keeps what it had and holds up no other.
// What the price check excludes never reaches the catalogue.
import { backoffDelayMs } from '../../common/backoff.ts';
import type { Clock } from '../../common/clock.ts';
import type { Logger } from '../../common/logger.ts';
import type { Exchange, MarkPrice, Reject } from '../events.ts';
import type { RestClient } from '../requests/rest-client.ts';
import type { ContractList } from './contract-list.ts';
import { fetchListing, type ListingAnswer } from './contract-listing.ts';
import type { Instrument, InstrumentCatalogue } from './instruments.ts';
import { checkPrices, type PriceDeviation } from './price-check.ts';
import { PriceCheckLog } from './price-check-log.ts';

/** The lists that together name every contract of one venue, and by what they are fetched. */
export interface ContractSource {
  readonly exchange: Exchange;
  readonly lists: readonly ContractList[];
  readonly client: RestClient;
}

export interface CatalogueRefresherOptions {
  readonly sources: readonly ContractSource[];
  readonly catalogue: InstrumentCatalogue;
  readonly clock: Clock;
  readonly logger: Logger;
  /** A venue's contracts have changed, or come for the first time, or `missing` has. */
  readonly onChange: (exchange: Exchange) => void;
  readonly onReject: (exchange: Exchange, reject: Reject) => void;
}

/** What is known of one venue's contracts. */
export interface CatalogueStatus {
  readonly exchange: Exchange;
  readonly contracts: number;
  /** Lists that have never come: while there is one, the venue's open interest would be a partial sum. */
  readonly missing: readonly string[];
  /** What is wrong, in plain words; `undefined` when nothing is. */
  readonly problem: string | undefined;
}

interface Part {
  readonly source: ContractSource;
  readonly list: ContractList;
  /** `undefined` until the venue has given the list, or said that there is none. */
  instruments: readonly Instrument[] | undefined;
  marks: readonly MarkPrice[];
  error: string | undefined;
}

const REFRESH_MS = 3_600_000;
const RETRY = { baseMs: 1_000, capMs: 60_000, jitterRatio: 0.2 } as const;
/** Without any contract for this long a venue is called blind. */
const BLIND_AFTER_MS = 60_000;

export class CatalogueRefresher {
  readonly #options: CatalogueRefresherOptions;
  readonly #parts: readonly Part[];
  readonly #log: PriceCheckLog;
  readonly #startedMs: number;
  #verdicts: readonly PriceDeviation[] = [];

  constructor(options: CatalogueRefresherOptions) {
    this.#options = options;
    this.#log = new PriceCheckLog(options.logger);
    this.#startedMs = options.clock.monotonicMs();
    this.#parts = options.sources.flatMap((source) =>
      source.lists.map((list) => ({ source, list, instruments: undefined, marks: [], error: undefined })),
    );
  }

  /** Contracts whose prices do not fit the other venues', or could not be compared. */
  get verdicts(): readonly PriceDeviation[] {
    return this.#verdicts;
  }

  status(exchange: Exchange): CatalogueStatus {
    const { catalogue, clock } = this.#options;
    const parts = this.#parts.filter(({ source }) => source.exchange === exchange);
    const contracts = catalogue.list(exchange).length;
    const errors = parts.flatMap(({ list, error }) => (error === undefined ? [] : `${list.name}: ${error}`));
    const waitedMs = clock.monotonicMs() - this.#startedMs;
    const isBlind = contracts === 0 && waitedMs >= BLIND_AFTER_MS;
    const blind = `no list of contracts for ${Math.round(waitedMs / 1_000)} s, so nothing this venue sends can be read`;
    return {
      exchange,
      contracts,
      missing: parts.filter(({ instruments }) => !instruments).map(({ list }) => list.name),
      problem: [...(isBlind ? [blind] : []), ...errors].join('; ') || undefined,
    };
  }

  /** Runs until the signal aborts. Never rejects for what a venue does. */
  async run(signal: AbortSignal): Promise<void> {
    await Promise.all(this.#parts.map((part) => this.#keep(part, signal)));
  }

  async #keep(part: Part, signal: AbortSignal): Promise<void> {
    const { clock, onReject } = this.#options;
    const { exchange, client } = part.source;
    let failures = 0;
    while (!signal.aborted) {
      const answer = await fetchListing(part.list, client, signal, (reject) => onReject(exchange, reject));
      if (signal.aborted) break;
      const isGood = answer.type === 'listed' || isRightlyEmpty(part, answer);
      this.#note(part, answer, isGood);
      if (answer.type === 'listed') {
        // The contracts serve at once; prices, which only check them, may take their time or never come.
        part.marks = await this.#fetchMarks(part, answer.instruments, signal);
        this.#apply();
      }
      const askedMs = answer.type === 'failed' ? answer.waitMs : 0;
      const delayMs = isGood ? REFRESH_MS : Math.max(askedMs, backoffDelayMs(failures, RETRY));
      failures = isGood ? 0 : failures + 1;
      await clock.sleep(delayMs, signal).catch(() => {});
    }
  }

  #note(part: Part, answer: ListingAnswer, isGood: boolean): void {
    const { exchange } = part.source;
    const wasUnknown = part.instruments === undefined;
    const error = isGood || answer.type === 'listed' ? undefined : `list of contracts: ${answer.text}`;
    if (error !== undefined && error !== part.error) {
      this.#options.logger.warn({ exchange, list: part.list.name, reason: error }, 'no list of contracts');
    }
    part.error = error;
    if (answer.type === 'listed') part.instruments = answer.instruments;
    // A list that was there and is gone is a fault of the moment: what it held is kept.
    else if (answer.type !== 'failed') part.instruments ??= [];
    this.#apply(wasUnknown && part.instruments !== undefined ? exchange : undefined);
  }

  async #fetchMarks(
    part: Part,
    instruments: readonly Instrument[],
    signal: AbortSignal,
  ): Promise<readonly MarkPrice[]> {
    const { clock } = this.#options;
    const { client } = part.source;
    const { marksUrl, mapMarkPrices } = part.list;
    const answer = marksUrl === undefined ? undefined : await client.fetchJson(marksUrl, signal);
    if (answer?.type !== 'answered') return [];
    const byId = new Map(instruments.map((instrument) => [instrument.instrumentId, instrument]));
    const context = { receiveTime: clock.now(), instrument: (id: string) => byId.get(id) };
    const { events } = mapMarkPrices(answer.body, context);
    return events.filter((event) => event.type === 'mark_price');
  }

  /**
   * Compares all venues anew: what the first one listed can be judged only when a second has answered.
   * @param settled a venue of which a list has come for the first time, also where that changes no contract
   */
  #apply(settled?: Exchange): void {
    const { catalogue, sources, logger, onChange } = this.#options;
    this.#verdicts = checkPrices(
      this.#parts.flatMap(({ instruments }) => instruments ?? []),
      this.#parts.flatMap(({ marks }) => marks),
    );
    this.#log.report(this.#verdicts);
    const excluded = new Set(
      this.#verdicts.filter(({ finding }) => finding === 'excluded').map(({ instrument }) => instrument),
    );
    for (const { exchange } of sources) {
      const listed = this.#parts.flatMap((part) => (part.source.exchange === exchange ? (part.instruments ?? []) : []));
      const sound = listed.filter((instrument) => !excluded.has(instrument));
      const before = new Set(catalogue.list(exchange).map(({ instrumentId }) => instrumentId));
      const isChanged = sound.length !== before.size || sound.some(({ instrumentId }) => !before.has(instrumentId));
      // Also without new names: what a contract means may have changed.
      const isReplaced = catalogue.replace(exchange, sound);
      if (isChanged && isReplaced) logger.info({ exchange, contracts: sound.length }, 'contracts listed');
      if ((isChanged && isReplaced) || exchange === settled) onChange(exchange);
    }
  }
}

/** Nothing is listed, nothing was, and the venue may well have nothing of it. */
function isRightlyEmpty({ list, instruments = [] }: Part, answer: ListingAnswer): boolean {
  return answer.type === 'empty' && list.mayBeEmpty && instruments.length === 0;
}
