// One contestant in a process of its own: `contestant.ts NAME CORPUS ROUNDS`. Sends back frames per second over the rounds after
// some rounds of warming up. Every round has frames of its own, ten seconds further on. A second is one of this thread's
// processor time: what else the machine does must not decide who wins. It is summed over the rounds, because the system may
// count it in steps of 4 ms, of which one round takes five.

import { commandLine } from '../../common/command-line.ts';
import type { Contestant } from '../contestants/contestant.ts';
import { createExporterCore } from '../contestants/exporter.ts';
import { createJsonParse } from '../contestants/json-parse.ts';
import { createCcxt, createTardis } from '../contestants/peers.ts';
import { DEFAULT_SYMBOLS, makeFrames, readRecordedFrames, replayFrames, type WireFrame } from '../rig/frames.ts';

const FRAMES = 20_000;
const FRAMES_PER_SECOND = 2_000;
/** As many liquidations in a message as at the worst moments. */
const BATCH = 20;
const WARM_UP_SHARE = 0.4;

const {
  words: [name = 'exporter', corpus = 'single', roundsText = '10'],
} = commandLine({
  name: 'node bench/programs/contestant.ts',
  purpose: 'How many frames a second one contestant takes; the benchmark `ingest` compares them.',
  words: '[exporter|json|tardis|ccxt] [single|batched] [ROUNDS]',
});
const rounds = Number(roundsText);
const recorded = corpus === 'single' ? readRecordedFrames() : undefined;
const startMs = Date.now();

function framesOf(round: number): readonly WireFrame[] {
  const mix = {
    frames: FRAMES,
    framesPerSecond: FRAMES_PER_SECOND,
    startMs: startMs + round * (FRAMES / FRAMES_PER_SECOND) * 1_000,
    seed: round + 1,
  };
  if (recorded) return replayFrames(recorded, mix);
  return makeFrames({ ...mix, symbols: DEFAULT_SYMBOLS, mostEvents: corpus === 'single' ? 1 : BATCH });
}

/** Every contract there is must be known from the start: all recorded ones come up within the first frames. */
function create(): Contestant {
  switch (name) {
    case 'json':
      return createJsonParse();
    case 'tardis':
      return createTardis();
    case 'ccxt':
      return createCcxt();
    default:
      return createExporterCore([...framesOf(0), ...framesOf(1)]);
  }
}

const contestant = create();
let frameCount = 0;
let usedMicroseconds = 0;
for (let round = 0; round < rounds; round += 1) {
  const frames = framesOf(round);
  const before = process.threadCpuUsage();
  for (const frame of frames) contestant.take(frame);
  const used = process.threadCpuUsage(before);
  if (round < rounds * WARM_UP_SHARE) continue;
  frameCount += frames.length;
  usedMicroseconds += used.user + used.system;
}
const answer = {
  framesPerSecond: (frameCount / usedMicroseconds) * 1e6,
  events: Math.round(contestant.events()),
  isRecorded: recorded !== undefined,
};
if (process.send) process.send(answer);
else console.log(JSON.stringify({ name, corpus, ...answer }));
process.disconnect?.();
