// One list of contracts, fetched with all its pages. A list counts only when every page came.
import type { Reject } from '../events.ts';
import type { RestClient } from '../requests/rest-client.ts';
import type { ContractList } from './contract-list.ts';
import type { Instrument } from './instruments.ts';

export type ListingAnswer =
  | { readonly type: 'listed'; readonly instruments: readonly Instrument[] }
  /** The host has no such product (404), or lists nothing of it: not a fault that hides contracts. */
  | { readonly type: 'absent' | 'empty'; readonly text: string }
  | { readonly type: 'failed'; readonly text: string; readonly waitMs: number };

/** More pages than any venue has; a cursor that leads in a circle ends here. */
const MAX_PAGES = 20;

export async function fetchListing(
  { url, mapContracts }: ContractList,
  client: RestClient,
  signal: AbortSignal,
  onReject: (reject: Reject) => void,
): Promise<ListingAnswer> {
  const instruments: Instrument[] = [];
  let rejects = 0;
  let cursor: string | undefined;
  for (let page = 0; page === 0 || (cursor !== undefined && page < MAX_PAGES); page += 1) {
    const answer = await client.fetchJson(url(cursor), signal);
    if (answer.type === 'failed') {
      const { status, text, waitMs } = answer;
      return status === 404 ? { type: 'absent', text } : { type: 'failed', text, waitMs };
    }
    const listed = mapContracts(answer.body);
    for (const reject of listed.rejects) onReject(reject);
    rejects += listed.rejects.length;
    instruments.push(...listed.instruments);
    cursor = listed.nextCursor;
  }
  if (instruments.length > 0) return { type: 'listed', instruments };
  const text = 'the answer holds no contract';
  return rejects === 0 ? { type: 'empty', text } : { type: 'failed', text, waitMs: 0 };
}
