/**
 * Bodies of ICMPv6: echo and errors (RFC 4443 3, 4), Neighbour Discovery (RFC 4861 4), Multicast Listener Discovery
 * versions 1 (RFC 2710 3) and 2 (RFC 9777 5). `reserved` fields are absent when 0.
 */
import { readIpv6, writeIpv6 } from '../runtime/addresses.ts';
import { fits } from '../runtime/oxm-numbers.ts';
import type { Cursor } from './cursor.ts';
import {
  type GroupRecord,
  type QueryTail,
  queryTailBytes,
  readQueryTail,
  readRecords,
  recordBytes,
} from './group-records.ts';
import { type NdOption, ndOptionBytes, readNdOptions } from './nd-options.ts';
import type { PacketWriter } from './packet-writer.ts';

export const ICMPV6_TYPE = {
  UNREACHABLE: 1,
  PACKET_TOO_BIG: 2,
  TIME_EXCEEDED: 3,
  PARAMETER_PROBLEM: 4,
  ECHO_REQUEST: 128,
  ECHO_REPLY: 129,
  LISTENER_QUERY: 130,
  LISTENER_REPORT: 131,
  LISTENER_DONE: 132,
  ROUTER_SOLICITATION: 133,
  ROUTER_ADVERTISEMENT: 134,
  NEIGHBOUR_SOLICITATION: 135,
  NEIGHBOUR_ADVERTISEMENT: 136,
  REDIRECT: 137,
  LISTENER_REPORT_V2: 143,
} as const;

interface Discovery {
  readonly options: readonly NdOption[];
  readonly reserved?: number;
}

interface Listener {
  /** Milliseconds, above 32767 a floating code; 0 outside queries. */
  readonly maxResponseCode: number;
  readonly group: string;
  readonly reserved?: number;
}

export type Icmpv6Body =
  | { readonly kind: 'echo'; readonly identifier: number; readonly sequence: number }
  | ({ readonly kind: 'router_solicitation' } & Discovery)
  | {
      readonly kind: 'router_advertisement';
      readonly hopLimit: number;
      /** 0x80 managed addresses, 0x40 other configuration, 0x18 preference. */
      readonly flags: number;
      readonly routerLifetimeSec: number;
      /** Milliseconds, as is the next. */
      readonly reachableMs: number;
      readonly retransmitMs: number;
      readonly options: readonly NdOption[];
    }
  | ({ readonly kind: 'neighbour_solicitation'; readonly target: string } & Discovery)
  | ({
      readonly kind: 'neighbour_advertisement';
      readonly isRouter: boolean;
      readonly isSolicited: boolean;
      readonly isOverride: boolean;
      readonly target: string;
    } & Discovery)
  | ({ readonly kind: 'redirect'; readonly target: string; readonly destination: string } & Discovery)
  | ({ readonly kind: 'listener' } & Listener)
  | ({ readonly kind: 'listener_query_v2' } & Omit<Listener, 'reserved'> & {
        readonly reservedWord?: number;
      } & QueryTail)
  | {
      readonly kind: 'listener_report_v2';
      readonly records: readonly GroupRecord[];
      readonly reserved?: number;
    }
  /** Bytes; the packet that was too big follows as payload. */
  | { readonly kind: 'packet_too_big'; readonly mtu: number }
  /** All other types; what follows the word is the payload. */
  | { readonly kind: 'other'; readonly word: number };

const LISTENER_QUERY_V2_BYTES = 24;
const stated = (reserved: number): { readonly reserved?: number } => (reserved === 0 ? {} : { reserved });

/** The body at `at`, and where it ends. */
export function readIcmpv6Body(cursor: Cursor, at: number, icmpType: number): readonly [Icmpv6Body, number] {
  const { view, end } = cursor;
  const need = (size: number): void => cursor.need(at, size, 'icmpv6');
  need(4);
  const word = view.getUint32(at);
  switch (icmpType) {
    case ICMPV6_TYPE.ECHO_REQUEST:
    case ICMPV6_TYPE.ECHO_REPLY:
      return [{ kind: 'echo', identifier: word >>> 16, sequence: word & 0xffff }, at + 4];
    case ICMPV6_TYPE.PACKET_TOO_BIG:
      return [{ kind: 'packet_too_big', mtu: word }, at + 4];
    case ICMPV6_TYPE.ROUTER_SOLICITATION:
      return [{ kind: 'router_solicitation', options: readNdOptions(cursor, at + 4), ...stated(word) }, end];
    case ICMPV6_TYPE.ROUTER_ADVERTISEMENT:
      need(12);
      return [
        {
          kind: 'router_advertisement',
          hopLimit: word >>> 24,
          flags: (word >>> 16) & 255,
          routerLifetimeSec: word & 0xffff,
          reachableMs: view.getUint32(at + 4),
          retransmitMs: view.getUint32(at + 8),
          options: readNdOptions(cursor, at + 12),
        },
        end,
      ];
    case ICMPV6_TYPE.NEIGHBOUR_SOLICITATION:
    case ICMPV6_TYPE.NEIGHBOUR_ADVERTISEMENT:
    case ICMPV6_TYPE.REDIRECT:
      return [readNeighbourBody(cursor, at, icmpType, word), end];
    case ICMPV6_TYPE.LISTENER_REPORT_V2: {
      const [records, next] = readRecords(cursor, at + 4, word & 0xffff, 16, 'icmpv6');
      return [{ kind: 'listener_report_v2', records, ...stated(word >>> 16) }, next];
    }
    case ICMPV6_TYPE.LISTENER_QUERY:
    case ICMPV6_TYPE.LISTENER_REPORT:
    case ICMPV6_TYPE.LISTENER_DONE: {
      need(20);
      const [maxResponseCode, reserved, group] = [word >>> 16, word & 0xffff, readIpv6(view, at + 4)];
      if (icmpType !== ICMPV6_TYPE.LISTENER_QUERY || end - at < LISTENER_QUERY_V2_BYTES) {
        return [{ kind: 'listener', maxResponseCode, group, ...stated(reserved) }, at + 20];
      }
      const [tail, next] = readQueryTail(cursor, at + 20, 16, 'icmpv6');
      const extra = reserved === 0 ? {} : { reservedWord: reserved };
      return [{ kind: 'listener_query_v2', maxResponseCode, group, ...extra, ...tail }, next];
    }
    default:
      return [{ kind: 'other', word }, at + 4];
  }
}

function readNeighbourBody(cursor: Cursor, at: number, icmpType: number, word: number): Icmpv6Body {
  const isRedirect = icmpType === ICMPV6_TYPE.REDIRECT;
  cursor.need(at, isRedirect ? 36 : 20, 'icmpv6');
  const target = readIpv6(cursor.view, at + 4);
  const options = readNdOptions(cursor, at + (isRedirect ? 36 : 20));
  if (isRedirect) {
    const destination = readIpv6(cursor.view, at + 20);
    return { kind: 'redirect', target, destination, options, ...stated(word) };
  }
  if (icmpType === ICMPV6_TYPE.NEIGHBOUR_SOLICITATION) {
    return { kind: 'neighbour_solicitation', target, options, ...stated(word) };
  }
  return {
    kind: 'neighbour_advertisement',
    isRouter: word >= 2 ** 31,
    isSolicited: (word & 0x40000000) !== 0,
    isOverride: (word & 0x20000000) !== 0,
    target,
    options,
    ...stated(word & 0x1fffffff),
  };
}

export function writeIcmpv6Body(body: Icmpv6Body, out: PacketWriter): void {
  if ('options' in body) prependAll(out, body.options.map(ndOptionBytes));
  switch (body.kind) {
    case 'echo':
      out.prependU32(
        fits(body.identifier, 0xffff, 'identifier') * 0x10000 + fits(body.sequence, 0xffff, 'sequence'),
      );
      return;
    case 'packet_too_big':
      out.prependU32(fits(body.mtu, 0xffffffff, 'mtu'));
      return;
    case 'other':
      out.prependU32(fits(body.word, 0xffffffff, 'word'));
      return;
    case 'router_solicitation':
      out.prependU32(fits(body.reserved ?? 0, 0xffffffff, 'reserved'));
      return;
    case 'router_advertisement':
      out.prependU32(fits(body.retransmitMs, 0xffffffff, 'retransmit time'));
      out.prependU32(fits(body.reachableMs, 0xffffffff, 'reachable time'));
      out.prependU32(
        fits(body.hopLimit, 255, 'hop limit') * 2 ** 24 +
          fits(body.flags, 255, 'flags') * 2 ** 16 +
          fits(body.routerLifetimeSec, 0xffff, 'router lifetime'),
      );
      return;
    case 'redirect':
      prependIpv6(out, body.destination);
      prependIpv6(out, body.target);
      out.prependU32(fits(body.reserved ?? 0, 0xffffffff, 'reserved'));
      return;
    case 'neighbour_solicitation':
      prependIpv6(out, body.target);
      out.prependU32(fits(body.reserved ?? 0, 0xffffffff, 'reserved'));
      return;
    case 'neighbour_advertisement': {
      prependIpv6(out, body.target);
      const flags = (body.isRouter ? 4 : 0) + (body.isSolicited ? 2 : 0) + (body.isOverride ? 1 : 0);
      out.prependU32(flags * 2 ** 29 + fits(body.reserved ?? 0, 0x1fffffff, 'reserved'));
      return;
    }
    case 'listener_report_v2':
      prependAll(
        out,
        body.records.map((record) => recordBytes(record, 16)),
      );
      out.prependU32(
        fits(body.reserved ?? 0, 0xffff, 'reserved') * 0x10000 +
          fits(body.records.length, 0xffff, 'number of records'),
      );
      return;
    case 'listener':
    case 'listener_query_v2': {
      const isV2 = body.kind === 'listener_query_v2';
      if (isV2) out.prependBytes(queryTailBytes(body, 16));
      prependIpv6(out, body.group);
      const reserved = (isV2 ? body.reservedWord : body.reserved) ?? 0;
      out.prependU32(
        fits(body.maxResponseCode, 0xffff, 'maximum response code') * 0x10000 +
          fits(reserved, 0xffff, 'reserved'),
      );
      return;
    }
  }
}

function prependAll(out: PacketWriter, parts: readonly Uint8Array[]): void {
  for (let i = parts.length - 1; i >= 0; i--) out.prependBytes(parts[i] as Uint8Array);
}

function prependIpv6(out: PacketWriter, address: string): void {
  const at = out.prepend(16);
  writeIpv6(out.view, at, address);
}
