// Frames through the exporter's path beside JSON.parse alone and beside the peers, each in a process of its own, one after the
// other in this run. `--quick` has fewer rounds.
import { fork } from 'node:child_process';
import { join } from 'node:path';
import Type from 'typebox';
import { Check } from 'typebox/value';
import { installPeers } from '../contestants/peers.ts';
import { isAsked, report, runMeasurement, skip } from '../program.ts';

const Answer = Type.Object({ framesPerSecond: Type.Number(), events: Type.Number(), isRecorded: Type.Boolean() });

const isQuick = isAsked('quick');
const rounds = isQuick ? 10 : 12;

/** @throws Error when it says nothing: a contestant that cannot run has lost nothing, but is no figure either. */
async function contest(name: string, corpus: 'single' | 'batched') {
  const child = fork(join(import.meta.dirname, 'contestant.ts'), [name, corpus, String(rounds)], { stdio: 'inherit' });
  const answer = await new Promise<unknown>((resolve, reject) => {
    child.once('message', resolve);
    child.once('exit', (code) => reject(new Error(`${name} ended with ${code} before it answered`)));
  });
  if (!Check(Answer, answer)) throw new Error(`${name} answered something else`);
  return answer;
}

await runMeasurement(async () => {
  const parse = await contest('json', 'single');
  const ours = await contest('exporter', 'single');
  const corpus = ours.isRecorded ? 'recorded messages' : 'made-up messages (../shared/data is absent)';
  report('ingest_frames_per_second', ours.framesPerSecond, corpus);
  report('ingest_vs_json_parse_ratio', ours.framesPerSecond / parse.framesPerSecond, corpus);

  const batchedParse = await contest('json', 'batched');
  const batched = await contest('exporter', 'batched');
  const batches = 'made-up messages of up to 20 liquidations';
  report('ingest_batched_frames_per_second', batched.framesPerSecond, batches);
  report('ingest_batched_vs_json_parse_ratio', batched.framesPerSecond / batchedParse.framesPerSecond, batches);

  const fault = installPeers();
  if (fault !== undefined) {
    skip(fault);
    return;
  }
  const tardis = await contest('tardis', 'single');
  report('ingest_vs_peer_ratio', ours.framesPerSecond / tardis.framesPerSecond, `tardis-dev; ${corpus}`);
  const ccxt = await contest('ccxt', 'single');
  report('ingest_vs_ccxt_ratio', ours.framesPerSecond / ccxt.framesPerSecond, corpus);
});
