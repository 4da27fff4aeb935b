/**
 * What IGMPv3 (RFC 9776 4) and MLDv2 (RFC 9777 5) share: the tail of a query and the records of a report. They
 * differ in the width of an address.
 *
 *   query tail   u4 reserved  u1 suppress  u3 robustness  u8 interval code  u16 sources  addresses
 *   record       u8 recordType  u8 auxiliary words  u16 sources  group  addresses  auxiliary
 */
import { readIpv4, readIpv6, writeIpv4, writeIpv6 } from '../runtime/addresses.ts';
import { fits } from '../runtime/oxm-numbers.ts';
import { EncodeError } from '../runtime/protocol-error.ts';
import type { Cursor } from './cursor.ts';
import { viewOf } from './packet-error.ts';

export type AddressBytes = 4 | 16;

export interface QueryTail {
  /** Routers do not restart their timers. */
  readonly suppress: boolean;
  /** 0 to 7. */
  readonly robustness: number;
  /** Seconds, above 127 a floating code (RFC 9776 4.1.7). */
  readonly intervalCode: number;
  readonly sources: readonly string[];
  /** 0 to 15; absent when 0. */
  readonly reserved?: number;
}

export interface GroupRecord {
  /** 1 is_include, 2 is_exclude, 3 to_include, 4 to_exclude, 5 allow, 6 block. */
  readonly recordType: number;
  readonly group: string;
  readonly sources: readonly string[];
  /** A multiple of 4 bytes; absent when empty. */
  readonly auxiliary?: Uint8Array;
}

const readAddress = (view: DataView, at: number, bytes: AddressBytes): string =>
  bytes === 4 ? readIpv4(view, at) : readIpv6(view, at);

const writeAddress = (view: DataView, at: number, bytes: AddressBytes, text: string): void =>
  bytes === 4 ? writeIpv4(view, at, text) : writeIpv6(view, at, text);

/** Addresses one after another. That they are there bounds their number. */
function readAddresses(
  cursor: Cursor,
  at: number,
  count: number,
  bytes: AddressBytes,
  layer: string,
): readonly string[] {
  cursor.need(at, count * bytes, layer);
  return Array.from({ length: count }, (_, i) => readAddress(cursor.view, at + i * bytes, bytes));
}

/** The tail at `at`, and where it ends. */
export function readQueryTail(
  cursor: Cursor,
  at: number,
  bytes: AddressBytes,
  layer: string,
): readonly [QueryTail, number] {
  cursor.need(at, 4, layer);
  const [flags, count] = [cursor.view.getUint8(at), cursor.view.getUint16(at + 2)];
  const sources = readAddresses(cursor, at + 4, count, bytes, layer);
  const tail = {
    suppress: (flags & 8) !== 0,
    robustness: flags & 7,
    intervalCode: cursor.view.getUint8(at + 1),
    sources,
    ...(flags >>> 4 === 0 ? {} : { reserved: flags >>> 4 }),
  };
  return [tail, at + 4 + count * bytes];
}

export function queryTailBytes(tail: QueryTail, bytes: AddressBytes): Uint8Array {
  const out = new Uint8Array(4 + tail.sources.length * bytes);
  const view = viewOf(out);
  const flags = (fits(tail.reserved ?? 0, 15, 'reserved') << 4) | (tail.suppress ? 8 : 0);
  view.setUint8(0, flags | fits(tail.robustness, 7, 'robustness'));
  view.setUint8(1, fits(tail.intervalCode, 255, 'interval code'));
  view.setUint16(2, fits(tail.sources.length, 0xffff, 'number of sources'));
  tail.sources.forEach((source, i) => {
    writeAddress(view, 4 + i * bytes, bytes, source);
  });
  return out;
}

/** `count` records at `at`, and where they end. Each takes at least 8 bytes, which bounds their number. */
export function readRecords(
  cursor: Cursor,
  from: number,
  count: number,
  bytes: AddressBytes,
  layer: string,
): readonly [readonly GroupRecord[], number] {
  const { view } = cursor;
  const records: GroupRecord[] = [];
  let at = from;
  while (records.length < count) {
    cursor.need(at, 4 + bytes, layer);
    const [words, sourceCount] = [view.getUint8(at + 1), view.getUint16(at + 2)];
    const sourcesAt = at + 4 + bytes;
    const sources = readAddresses(cursor, sourcesAt, sourceCount, bytes, layer);
    const auxiliaryAt = sourcesAt + sourceCount * bytes;
    cursor.need(auxiliaryAt, words * 4, layer);
    records.push({
      recordType: view.getUint8(at),
      group: readAddress(view, at + 4, bytes),
      sources,
      ...(words === 0 ? {} : { auxiliary: cursor.slice(auxiliaryAt, auxiliaryAt + words * 4) }),
    });
    at = auxiliaryAt + words * 4;
  }
  return [records, at];
}

export function recordBytes(record: GroupRecord, bytes: AddressBytes): Uint8Array {
  const { auxiliary = new Uint8Array(0), sources } = record;
  if (auxiliary.length % 4 !== 0) throw new EncodeError('auxiliary data is a multiple of 4 bytes');
  const auxiliaryAt = 4 + bytes + sources.length * bytes;
  const out = new Uint8Array(auxiliaryAt + auxiliary.length);
  const view = viewOf(out);
  view.setUint8(0, fits(record.recordType, 255, 'record type'));
  view.setUint8(1, fits(auxiliary.length / 4, 255, 'auxiliary words'));
  view.setUint16(2, fits(sources.length, 0xffff, 'number of sources'));
  writeAddress(view, 4, bytes, record.group);
  sources.forEach((source, i) => {
    writeAddress(view, 4 + bytes + i * bytes, bytes, source);
  });
  out.set(auxiliary, auxiliaryAt);
  return out;
}
