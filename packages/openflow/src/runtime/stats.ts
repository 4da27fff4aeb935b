/**
 * The counters of a flow entry in 1.5 (ofp_stats): u16 reserved, u16 length, OXS fields, padding to 8 bytes. A field that
 * the specification does not name is kept under its header, as in a match: `0x` and 8 hexadecimal digits, and for class
 * OFPXSC_EXPERIMENTER also `:` and the experimenter's id. OpenFlow 1.5.1 §7.2.4.
 */
import { bytesOf, u32, u64 } from './bounds.ts';
import {
  BAD_MATCH_DUPLICATE,
  BAD_MATCH_LEN,
  EncodeError,
  type ProtocolError,
  protocolError,
} from './protocol-error.ts';
import type { Writer } from './writer.ts';

/** A time span. */
export interface StatsTime {
  readonly sec: number;
  /** Beyond `sec`. */
  readonly nsec: number;
}

/** Counters by the name of the specification; the order of keys is the order on the wire. */
export interface Stats {
  /** How long the entry has been there. */
  readonly duration?: StatsTime;
  /** How long it has matched no packet. */
  readonly idle_time?: StatsTime;
  /** Entries that are summed up. */
  readonly flow_count?: number;
  readonly packet_count?: bigint;
  readonly byte_count?: bigint;
  readonly [unknown: `0x${string}`]: Uint8Array;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type Known = 'duration' | 'idle_time' | 'flow_count' | 'packet_count' | 'byte_count';

const HEADER = 4;
/** A bound keeps hostile counters from costing more than their size. */
export const STATS_MAX = 256;
const CLASS_EXPERIMENTER = 0xffff;

/** Class 0x8002, number, one reserved bit, length. Number 2 is not used. */
const HEADERS: Readonly<Record<Known, number>> = {
  duration: 0x80020008,
  idle_time: 0x80020208,
  flow_count: 0x80020604,
  packet_count: 0x80020808,
  byte_count: 0x80020a08,
};

/** Where the counters and their padding end; checks that both are there. */
export function endOfStats(view: DataView, at: number, end: number): number {
  if (end - at < 8) {
    throw protocolError(`truncated: needed 8 bytes, had ${end - at}`, BAD_MATCH_LEN, at, 'stats');
  }
  const length = view.getUint16(at + 2);
  const padded = Math.ceil(length / 8) * 8;
  if (length < HEADER || padded > end - at) {
    throw protocolError(`stats length ${length} does not fit ${end - at} bytes`, BAD_MATCH_LEN, at, 'stats');
  }
  return at + padded;
}

/** The counters at `from`, whose bounds endOfStats has checked. */
export function decodeStats(view: DataView, from: number): Stats {
  const into: Mutable<Stats> = {};
  const limit = from + view.getUint16(from + 2);
  let at = from + HEADER;
  let count = 0;
  while (at < limit) {
    // Every turn advances by a header at least.
    const end = limit - at < HEADER ? Number.POSITIVE_INFINITY : at + HEADER + view.getUint8(at + 3);
    if (end > limit) throw protocolError('an OXS field runs past the stats', BAD_MATCH_LEN, at, 'stats');
    count += 1;
    if (count > STATS_MAX) throw protocolError(`more than ${STATS_MAX} fields`, BAD_MATCH_LEN, at, 'stats');
    decodeField(into, view, at, end);
    at = end;
  }
  return into;
}

function decodeField(into: Mutable<Stats>, view: DataView, at: number, end: number): void {
  const value = at + HEADER;
  switch (view.getUint32(at)) {
    case HEADERS.duration:
      into.duration = once(into, 'duration', readTime(view, value), at);
      return;
    case HEADERS.idle_time:
      into.idle_time = once(into, 'idle_time', readTime(view, value), at);
      return;
    case HEADERS.flow_count:
      into.flow_count = once(into, 'flow_count', view.getUint32(value), at);
      return;
    case HEADERS.packet_count:
      into.packet_count = once(into, 'packet_count', view.getBigUint64(value), at);
      return;
    case HEADERS.byte_count:
      into.byte_count = once(into, 'byte_count', view.getBigUint64(value), at);
      return;
    default: {
      const key = keyOf(view, at, end);
      into[key] = once(into, key, bytesOf(view, value, end), at);
    }
  }
}

function once<T>(into: Stats, name: string, value: T, at: number): T {
  if (name in into) throw duplicate(name, at);
  return value;
}

const duplicate = (name: string, at: number): ProtocolError =>
  protocolError(`${name} appears twice`, BAD_MATCH_DUPLICATE, at, 'stats');

const readTime = (view: DataView, at: number): StatsTime => ({
  sec: view.getUint32(at),
  nsec: view.getUint32(at + 4),
});

function keyOf(view: DataView, at: number, end: number): `0x${string}` {
  const header = view.getUint32(at);
  if (header >>> 16 !== CLASS_EXPERIMENTER) return hex(header);
  if (end - at < 8) {
    throw protocolError('an OXS field has no room for its experimenter', BAD_MATCH_LEN, at, 'stats');
  }
  return `${hex(header)}:${hex(view.getUint32(at + HEADER)).slice(2)}`;
}

const hex = (word: number): `0x${string}` => `0x${word.toString(16).padStart(8, '0')}`;

export function encodeStats(writer: Writer, stats: Stats): void {
  const at = writer.claim(HEADER);
  writer.view.setUint16(at, 0);
  for (const name in stats) {
    const value = stats[name as keyof Stats];
    if (value !== undefined) encodeField(writer, name, value);
  }
  writer.patchLength(at + 2, at, 'stats');
  writer.padFrom(at, 8);
}

function encodeField(writer: Writer, name: string, value: unknown): void {
  const header = name in HEADERS ? HEADERS[name as Known] : unknownHeader(name, value);
  const at = writer.claim(HEADER);
  writer.view.setUint32(at, header);
  if (value instanceof Uint8Array) writer.append(value);
  else writeKnown(writer, name, value);
}

function writeKnown(writer: Writer, name: string, value: unknown): void {
  if (typeof value === 'bigint' && (name === 'packet_count' || name === 'byte_count')) {
    const at = writer.claim(8);
    writer.view.setBigUint64(at, u64(value, name));
  } else if (typeof value === 'number' && name === 'flow_count') {
    const at = writer.claim(4);
    writer.view.setUint32(at, u32(value, name));
  } else if (isTime(value) && (name === 'duration' || name === 'idle_time')) {
    const at = writer.claim(8);
    writer.view.setUint32(at, u32(value.sec, `${name}.sec`));
    writer.view.setUint32(at + 4, u32(value.nsec, `${name}.nsec`));
  } else {
    throw new EncodeError(`${name}: not a value of this counter`);
  }
}

const isTime = (value: unknown): value is StatsTime =>
  typeof value === 'object' && value !== null && 'sec' in value && 'nsec' in value;

function unknownHeader(name: string, value: unknown): number {
  if (!/^0x[0-9a-f]{8}(:[0-9a-f]{8})?$/.test(name) || !(value instanceof Uint8Array)) {
    throw new EncodeError(`"${name}" is not an OXS field`);
  }
  const header = Number.parseInt(name.slice(2, 10), 16);
  if ((header & 0xff) !== value.length) {
    throw new EncodeError(`${name}: the header says ${header & 0xff} bytes, the value has ${value.length}`);
  }
  return header;
}
