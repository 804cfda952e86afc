// Fills the contract catalogue from REST at start, with retries, and again every hour. A list counts only when all its pages
// came; what the price check excludes never reaches the catalogue.
import { backoffDelayMs } from '../../common/backoff.ts';
import type { Clock } from '../../common/clock.ts';
import type { Logger } from '../../common/logger.ts';
import type { VenueUrls } from '../config.ts';
import type { Exchange, MarkPrice, Reject } from '../events.ts';
import type { Instrument, InstrumentCatalogue } from '../instruments.ts';
import type { VenueMapper } from '../mappers/mapper.ts';
import { checkPrices, type PriceVerdict } from '../price-check.ts';
import type { RestClient } from './rest-client.ts';
import { VENUE_REST } from './venue-rest.ts';

export interface CatalogueRefresherOptions {
  readonly exchanges: readonly Exchange[];
  readonly mappers: Readonly<Record<Exchange, VenueMapper>>;
  readonly urls: Readonly<Record<Exchange, VenueUrls>>;
  readonly catalogue: InstrumentCatalogue;
  readonly client: RestClient;
  readonly clock: Clock;
  readonly logger: Logger;
  /** A venue's contracts have changed, or come for the first time. */
  readonly onChange: (exchange: Exchange) => void;
  readonly onReject: (exchange: Exchange, reject: Reject) => void;
}

interface Listing {
  readonly instruments: readonly Instrument[];
  readonly marks: readonly MarkPrice[];
}

const REFRESH_MS = 3_600_000;
const RETRY = { baseMs: 1_000, capMs: 60_000, jitterRatio: 0.2 } as const;
/** More pages than any venue has; a cursor that leads in a circle ends here. */
const MAX_PAGES = 20;

export class CatalogueRefresher {
  readonly #options: CatalogueRefresherOptions;
  readonly #listings = new Map<Exchange, Listing>();
  readonly #errors = new Map<Exchange, string>();
  #verdicts: readonly PriceVerdict[] = [];

  constructor(options: CatalogueRefresherOptions) {
    this.#options = options;
  }

  /** Contracts whose prices do not fit the other venues', or could not be compared. */
  get verdicts(): readonly PriceVerdict[] {
    return this.#verdicts;
  }

  /** Why a venue's last refresh failed; `undefined` after a good one. */
  lastError(exchange: Exchange): string | undefined {
    return this.#errors.get(exchange);
  }

  /** Runs until the signal aborts. Never rejects for what a venue does. */
  async run(signal: AbortSignal): Promise<void> {
    await Promise.all(this.#options.exchanges.map((exchange) => this.#keep(exchange, signal)));
  }

  async #keep(exchange: Exchange, signal: AbortSignal): Promise<void> {
    const { clock, logger } = this.#options;
    let failures = 0;
    while (!signal.aborted) {
      const problem = await this.#refresh(exchange, signal);
      if (signal.aborted) break;
      if (problem) {
        if (this.#errors.get(exchange) !== problem.text) {
          logger.warn({ exchange, reason: problem.text }, 'no list of contracts');
        }
        this.#errors.set(exchange, problem.text);
      } else this.#errors.delete(exchange);
      const delayMs = problem ? Math.max(problem.waitMs, backoffDelayMs(failures, RETRY)) : REFRESH_MS;
      failures = problem ? failures + 1 : 0;
      await clock.sleep(delayMs, signal).catch(() => {});
    }
  }

  async #refresh(exchange: Exchange, signal: AbortSignal): Promise<{ text: string; waitMs: number } | undefined> {
    const { urls, onReject } = this.#options;
    const instruments: Instrument[] = [];
    for (const { market, url } of VENUE_REST[exchange].listings(urls[exchange])) {
      let cursor: string | undefined;
      for (let page = 0; page === 0 || (cursor !== undefined && page < MAX_PAGES); page += 1) {
        const answer = await this.#options.client.fetchJson(url(cursor), signal);
        if (answer.type === 'failed') return { text: `list of contracts: ${answer.text}`, waitMs: answer.waitMs };
        const listed = this.#options.mappers[exchange].mapInstruments(answer.body, market);
        for (const reject of listed.rejects) onReject(exchange, reject);
        instruments.push(...listed.instruments);
        cursor = listed.nextCursor;
      }
    }
    if (instruments.length === 0) return { text: 'list of contracts: the answer holds none', waitMs: 0 };
    this.#listings.set(exchange, { instruments, marks: await this.#fetchMarks(exchange, instruments, signal) });
    this.#apply(exchange);
    return undefined;
  }

  /** For the comparison only. Prices that do not come leave the listing unchecked, not unused. */
  async #fetchMarks(
    exchange: Exchange,
    instruments: readonly Instrument[],
    signal: AbortSignal,
  ): Promise<readonly MarkPrice[]> {
    const { client, clock, mappers, urls } = this.#options;
    const byId = new Map(instruments.map((instrument) => [instrument.instrumentId, instrument]));
    const marks: MarkPrice[] = [];
    for (const { url, market } of VENUE_REST[exchange].markPrices(urls[exchange])) {
      const answer = await client.fetchJson(url, signal);
      if (answer.type === 'failed') continue;
      const context = { receiveTime: clock.now(), instrument: (id: string) => byId.get(id) };
      const { events } = mappers[exchange].mapMarkPrices(answer.body, market, context);
      marks.push(...events.filter((event) => event.type === 'mark_price'));
    }
    return marks;
  }

  /** Compares all venues anew: what the first one listed can be judged only when a second has answered. */
  #apply(refreshed: Exchange): void {
    const { catalogue, logger, onChange } = this.#options;
    const listings = [...this.#listings.values()];
    const verdicts = checkPrices(
      listings.flatMap(({ instruments }) => instruments),
      listings.flatMap(({ marks }) => marks),
    );
    const excluded = new Set(
      verdicts.filter(({ finding }) => finding === 'excluded').map(({ instrument }) => instrument),
    );
    for (const [exchange, { instruments }] of this.#listings) {
      const before = new Set(catalogue.list(exchange).map(({ instrumentId }) => instrumentId));
      const sound = instruments.filter((instrument) => !excluded.has(instrument));
      const isChanged = sound.length !== before.size || sound.some(({ instrumentId }) => !before.has(instrumentId));
      if (!isChanged && exchange !== refreshed) continue;
      if (!catalogue.replace(exchange, sound) || !isChanged) continue;
      logger.info({ exchange, contracts: sound.length }, 'contracts listed');
      onChange(exchange);
    }
    if (excluded.size !== this.#verdicts.filter(({ finding }) => finding === 'excluded').length) {
      logger.warn({ contracts: [...excluded].map(({ instrumentId }) => instrumentId) }, 'contracts excluded by price');
    }
    this.#verdicts = verdicts;
  }
}
