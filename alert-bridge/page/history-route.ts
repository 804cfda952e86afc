// `GET /history.json`: what the history page of a program reads, a page at a time. Only shows, so it stands with the page
// and the dashboard: open on this machine, behind the credential elsewhere.

import type { FastifyInstance } from 'fastify';
import { field } from '../../common/json-shape.ts';
import type { HistoryStore } from '../history/store.ts';
import type { Scorecard } from '../scorecard/scorecard.ts';
import { invalid } from './answers.ts';

export interface HistorySource {
  readonly history: HistoryStore;
  readonly scorecard: () => Promise<Scorecard>;
}

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 500;

export function registerHistory(scope: FastifyInstance, { history, scorecard }: HistorySource): void {
  scope.get('/history.json', async (request, reply) => {
    const number = (name: string) => {
      const value = field(request.query, name);
      return value === undefined ? undefined : Number(value);
    };
    const limit = number('limit') ?? DEFAULT_LIMIT;
    const before = number('before');
    if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT) {
      return invalid(reply, [`limit: must be a whole number from 1 to ${MAX_LIMIT}`]);
    }
    if (before !== undefined && !Number.isSafeInteger(before)) return invalid(reply, ['before: must be an id']);
    const symbol = field(request.query, 'symbol');
    const entries = await history.read({
      symbol: typeof symbol === 'string' && symbol !== '' ? symbol.toUpperCase() : undefined,
      limit,
      before,
      isNotifiedOnly: false,
    });
    return {
      scorecard: await scorecard(),
      alerts: entries,
      next: entries.length < limit ? undefined : entries.at(-1)?.id,
    };
  });
}
