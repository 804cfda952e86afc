// One contestant in a process of its own: `contestant.ts NAME CORPUS ROUNDS`. Sends back frames per second, the median of the
// rounds after some rounds of warming up. Every round has frames of its own, ten seconds further on. A second is one of this
// thread's processor time: what else the machine does must not decide who wins.

import type { Contestant } from '../contestants/contestant.ts';
import { createExporterCore } from '../contestants/exporter.ts';
import { createJsonParse } from '../contestants/json-parse.ts';
import { createCcxt, createTardis } from '../contestants/peers.ts';
import { DEFAULT_SYMBOLS, makeFrames, readRecordedFrames, replayFrames, type WireFrame } from '../rig/frames.ts';
import { medianOf } from '../statistics.ts';

const FRAMES = 20_000;
const FRAMES_PER_SECOND = 2_000;
/** As many liquidations in a message as at the worst moments. */
const BATCH = 20;
const WARM_UP_SHARE = 0.4;

const [name = 'exporter', corpus = 'single', roundsText = '10'] = process.argv.slice(2);
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
const speeds: number[] = [];
for (let round = 0; round < rounds; round += 1) {
  const frames = framesOf(round);
  const before = process.threadCpuUsage();
  for (const frame of frames) contestant.take(frame);
  const used = process.threadCpuUsage(before);
  if (round >= rounds * WARM_UP_SHARE) speeds.push((FRAMES / (used.user + used.system)) * 1e6);
}
const answer = {
  framesPerSecond: medianOf(speeds),
  events: Math.round(contestant.events()),
  isRecorded: recorded !== undefined,
};
if (process.send) process.send(answer);
else console.log(JSON.stringify({ name, corpus, ...answer }));
process.disconnect?.();
