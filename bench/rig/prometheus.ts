// Questions to the chain's Prometheus.
import Type from 'typebox';
import { Check } from 'typebox/value';
import type { Chain } from './chain.ts';

const Answer = Type.Object({
  data: Type.Object({
    result: Type.Array(
      Type.Object({
        metric: Type.Record(Type.String(), Type.String()),
        value: Type.Optional(Type.Tuple([Type.Number(), Type.String()])),
        values: Type.Optional(Type.Array(Type.Tuple([Type.Number(), Type.String()]))),
      }),
    ),
  }),
});

/** @throws Error when the engine does not answer as it should. */
export async function query(chain: Pick<Chain, 'url'>, expression: string) {
  const response = await fetch(`${chain.url('prometheus')}/api/v1/query?query=${encodeURIComponent(expression)}`);
  const answer: unknown = await response.json();
  if (!Check(Answer, answer))
    throw new Error(`Prometheus did not answer ${expression}: ${JSON.stringify(answer).slice(0, 200)}`);
  return answer.data.result;
}

/** The value of an expression that gives one; `undefined` where it gives none. */
export async function queryValue(chain: Pick<Chain, 'url'>, expression: string): Promise<number | undefined> {
  const value = (await query(chain, expression))[0]?.value?.[1];
  return value === undefined ? undefined : Number(value);
}

/** When a series was first seen within the last seconds: the time of its scrape or evaluation, milliseconds. */
export async function firstSampleAt(
  chain: Pick<Chain, 'url'>,
  selector: string,
  rangeSeconds: number,
): Promise<number | undefined> {
  const samples = (await query(chain, `${selector}[${rangeSeconds}s]`)).flatMap(({ values }) => values ?? []);
  const first = samples.find(([, value]) => Number(value) > 0);
  return first === undefined ? undefined : first[0] * 1_000;
}
