/**
 * IGMP versions 1 (RFC 1112), 2 (RFC 2236) and 3 (RFC 9776).
 *
 *   u8 igmpType  u8 code  u16 checksum, then ipv4 group (and in a query of version 3 its tail),
 *   or in a report of version 3: u16 reserved  u16 records  records
 */
import { readIpv4, writeIpv4 } from '../runtime/addresses.ts';
import { fits } from '../runtime/oxm-numbers.ts';
import { type Around, type Derived, deriveWhole } from './around.ts';
import { checksum, wordSum } from './checksum.ts';
import type { Cursor } from './cursor.ts';
import {
  type GroupRecord,
  type QueryTail,
  queryTailBytes,
  readQueryTail,
  readRecords,
  recordBytes,
} from './group-records.ts';
import type { PacketWriter } from './packet-writer.ts';

export const IGMP_TYPE = {
  QUERY: 0x11,
  REPORT_V1: 0x12,
  REPORT_V2: 0x16,
  LEAVE: 0x17,
  REPORT_V3: 0x22,
} as const;

export type IgmpBody =
  | { readonly kind: 'group'; readonly group: string }
  | ({ readonly kind: 'query_v3'; readonly group: string } & QueryTail)
  | { readonly kind: 'report_v3'; readonly records: readonly GroupRecord[]; readonly reserved?: number };

export interface Igmp {
  readonly type: 'igmp';
  /** IGMP_TYPE. */
  readonly igmpType: number;
  /** In a query the time to answer in tenths of a second, above 127 a floating code; 0 in version 1. */
  readonly code: number;
  readonly checksum: number;
  readonly body: IgmpBody;
}

export type IgmpInput = Derived<Igmp, 'code' | 'checksum'>;

const HEADER_BYTES = 8;
const QUERY_V3_BYTES = 12;

export function decodeIgmp(cursor: Cursor): Igmp {
  const { view, at } = cursor;
  cursor.need(at, HEADER_BYTES, 'igmp');
  const [igmpType, code] = [view.getUint8(at), view.getUint8(at + 1)];
  const [body, next] = bodyOf(cursor, igmpType);
  cursor.leave(next, cursor.end, 'payload');
  return { type: 'igmp', igmpType, code, checksum: view.getUint16(at + 2), body };
}

function bodyOf(cursor: Cursor, igmpType: number): readonly [IgmpBody, number] {
  const { view, at, end } = cursor;
  if (igmpType === IGMP_TYPE.REPORT_V3) {
    const [records, next] = readRecords(cursor, at + 8, view.getUint16(at + 6), 4, 'igmp');
    const reserved = view.getUint16(at + 4);
    return [{ kind: 'report_v3', records, ...(reserved === 0 ? {} : { reserved }) }, next];
  }
  const group = readIpv4(view, at + 4);
  if (igmpType === IGMP_TYPE.QUERY && end - at >= QUERY_V3_BYTES) {
    const [tail, next] = readQueryTail(cursor, at + 8, 4, 'igmp');
    return [{ kind: 'query_v3', group, ...tail }, next];
  }
  return [{ kind: 'group', group }, at + HEADER_BYTES];
}

export function encodeIgmp(layer: IgmpInput, out: PacketWriter, around: Around): void {
  const { body } = layer;
  if (body.kind === 'query_v3') out.prependBytes(queryTailBytes(body, 4));
  if (body.kind === 'report_v3') {
    for (const record of [...body.records].reverse()) out.prependBytes(recordBytes(record, 4));
  }
  const at = out.prepend(HEADER_BYTES);
  out.view.setUint8(at, fits(layer.igmpType, 255, 'igmp type'));
  out.view.setUint8(at + 1, fits(layer.code ?? 0, 255, 'igmp code'));
  if (body.kind === 'report_v3') {
    out.view.setUint16(at + 4, fits(body.reserved ?? 0, 0xffff, 'reserved'));
    out.view.setUint16(at + 6, fits(body.records.length, 0xffff, 'number of records'));
  } else {
    writeIpv4(out.view, at + 4, body.group);
  }
  const sum = deriveWhole(around, layer.checksum, 'a checksum', () =>
    checksum(wordSum(out.bytes, out.start, out.end)),
  );
  out.view.setUint16(at + 2, fits(sum, 0xffff, 'checksum'));
}
