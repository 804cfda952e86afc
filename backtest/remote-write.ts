// Samples → the body of a remote-write request. The protocol is used, and no text format, because it can say that a series
// has ended (Prometheus' staleness marker), as a scrape does that no longer finds it.
// @see https://prometheus.io/docs/specs/prw/remote_write_spec/ (version 1.0: protobuf in a snappy block)

/** The bits of the one NaN that means "this series has ended". A number cannot carry them through JavaScript. */
const STALE_HIGH = 0x7ff0_0000;
const STALE_LOW = 0x0000_0002;

const SAMPLES_FIELD = 0x12;
const LABELS_FIELD = 0x0a;
const SERIES_FIELD = 0x0a;
const VALUE_FIELD = 0x09;
const TIMESTAMP_FIELD = 0x10;

/** Bytes of one sample's fields; a time between 2004 and 2110 takes six bytes. */
const SAMPLE_BYTES = 1 + 8 + 1 + 6;

export interface Series {
  /** As `encodeLabels` made it. */
  readonly labels: Buffer;
  /** Milliseconds since 1970, ascending. */
  readonly times: readonly number[];
  /** `undefined` ends the series. */
  readonly values: readonly (number | undefined)[];
}

/** The labels of a series, its name among them, in the order that the protocol wants. */
export function encodeLabels(labels: Readonly<Record<string, string>>): Buffer {
  const parts = Object.keys(labels)
    .sort(byBytes)
    .map((name) => lengthPrefixed(LABELS_FIELD, Buffer.concat([text(0x0a, name), text(0x12, labels[name] ?? '')])));
  return Buffer.concat(parts);
}

/** The whole body: every series with its samples. */
export function encodeWriteRequest(series: readonly Series[]): Buffer {
  const lengths = series.map(({ labels, times }) => labels.length + times.length * (2 + SAMPLE_BYTES));
  const total = lengths.reduce((sum, length) => sum + length + 1 + varintBytes(length), 0);
  const body = Buffer.allocUnsafe(total);
  let at = 0;
  for (const [index, { labels, times, values }] of series.entries()) {
    body[at++] = SERIES_FIELD;
    at = writeVarint(body, lengths[index] ?? 0, at);
    at += labels.copy(body, at);
    for (const [sample, time] of times.entries()) at = writeSample(body, at, time, values[sample]);
  }
  return snappyBlock(body);
}

function writeSample(body: Buffer, start: number, time: number, value: number | undefined): number {
  let at = start;
  body[at++] = SAMPLES_FIELD;
  body[at++] = SAMPLE_BYTES;
  body[at++] = VALUE_FIELD;
  if (value === undefined) {
    body.writeUInt32LE(STALE_LOW, at);
    body.writeUInt32LE(STALE_HIGH, at + 4);
  } else {
    body.writeDoubleLE(value, at);
  }
  body[at + 8] = TIMESTAMP_FIELD;
  return writeVarint(body, time, at + 9);
}

/** A snappy block of one literal: valid for every reader, and nothing is gained by compressing on loopback. */
function snappyBlock(body: Buffer): Buffer {
  if (body.length === 0) return Buffer.of(0);
  const head = Buffer.alloc(10);
  let at = writeVarint(head, body.length, 0);
  // Tag 63: a literal whose length minus one stands in the next four bytes.
  head[at++] = 63 << 2;
  at = head.writeUInt32LE(body.length - 1, at);
  return Buffer.concat([head.subarray(0, at), body]);
}

function text(field: number, value: string): Buffer {
  return lengthPrefixed(field, Buffer.from(value));
}

function lengthPrefixed(field: number, content: Buffer): Buffer {
  const head = Buffer.alloc(6);
  head[0] = field;
  return Buffer.concat([head.subarray(0, writeVarint(head, content.length, 1)), content]);
}

function byBytes(one: string, other: string): number {
  return one < other ? -1 : 1;
}

// By division: a time in milliseconds has more bits than a bitwise operator keeps.
function writeVarint(target: Buffer, value: number, start: number): number {
  let at = start;
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) target[at++] = (rest % 0x80) | 0x80;
  target[at++] = rest;
  return at;
}

function varintBytes(value: number): number {
  let bytes = 1;
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes++;
  return bytes;
}
