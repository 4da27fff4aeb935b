/**
 * What the match structures of 1.0 and 1.1 have in common: fields whose meaning hangs on another field, and keys that
 * the structure has no room for.
 */
import type { Match } from '../generated/match-types.ts';
import { EncodeError } from './protocol-error.ts';
import { Writer } from './writer.ts';

export const ETH_TYPE_ARP = 0x0806;
export const OFPVID_PRESENT = 0x1000;
const VID_MAX = 0xfff;
const BYTE_MAX = 0xff;
const WORD_MAX = 0xffff;

/** The keys of tp_src and tp_dst under an IP protocol, and the largest value of both. */
interface Transport {
  readonly proto: number;
  readonly src: keyof Match & string;
  readonly dst: keyof Match & string;
  readonly most: number;
}
const TRANSPORTS: readonly Transport[] = [
  { proto: 1, src: 'icmpv4_type', dst: 'icmpv4_code', most: BYTE_MAX },
  { proto: 6, src: 'tcp_src', dst: 'tcp_dst', most: WORD_MAX },
  { proto: 17, src: 'udp_src', dst: 'udp_dst', most: WORD_MAX },
  { proto: 132, src: 'sctp_src', dst: 'sctp_dst', most: WORD_MAX },
];

export const transportOf = (proto: number | undefined): Transport | undefined =>
  TRANSPORTS.find((transport) => transport.proto === proto);

/** A match whose keys are read one by one; what is left at the end cannot be said. */
export class KeyReader {
  private readonly taken = new Set<string>(['ofp_match', 'ofp_match_type', 'ofp_wildcards']);

  constructor(
    private readonly match: Match,
    private readonly version: string,
  ) {}

  /** The plain value of a key, undefined when it is not there. Throws EncodeError for a mask or a value above `most`. */
  number(key: keyof Match & string, most: number): number | undefined {
    const value = this.given(key);
    if (value === undefined) return undefined;
    if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > most) {
      throw this.refusal(key, typeof value === 'object' ? 'takes no mask' : `goes from 0 to ${most}`);
    }
    return value;
  }

  /** The value and mask of a key; the mask is undefined when all bits count. */
  masked<T>(key: keyof Match & string): { readonly value: T; readonly mask?: T } | undefined {
    const value = this.given(key);
    if (value === undefined) return undefined;
    return typeof value === 'object' && !(value instanceof Uint8Array)
      ? (value as { readonly value: T; readonly mask: T })
      : { value: value as T };
  }

  /** Type and code of ICMP or the ports, by the protocol. */
  transport(proto: number | undefined): {
    readonly src: number | undefined;
    readonly dst: number | undefined;
  } {
    const names = transportOf(proto);
    if (names === undefined) return { src: undefined, dst: undefined };
    return { src: this.number(names.src, names.most), dst: this.number(names.dst, names.most) };
  }

  /** The word of wildcards: the one that the keys give, or another that the match asks for and that means the same. */
  wildcards(computed: number, meaning: (wildcards: number) => number): number {
    const given = this.number('ofp_wildcards', 0xffffffff);
    if (given === undefined) return computed;
    if (meaning(given) !== meaning(computed))
      throw this.refusal('ofp_wildcards', 'contradicts the other keys');
    return given;
  }

  /** Throws EncodeError when there are keys that nobody has read. */
  finish(): void {
    for (const key in this.match) {
      if (this.match[key as keyof Match] === undefined || this.taken.has(key)) continue;
      throw this.refusal(key as keyof Match & string, 'cannot be said, or not beside the other keys');
    }
  }

  refusal(key: string, why: string): EncodeError {
    return new EncodeError(`match.${key}: ${why} in OpenFlow ${this.version}`);
  }

  private given(key: keyof Match & string): unknown {
    this.taken.add(key);
    return this.match[key];
  }
}

/** The key vlan_vid of a VLAN id; undefined when it is none. */
export const vlanKey = (vid: number): number | undefined =>
  vid > VID_MAX ? undefined : OFPVID_PRESENT | vid;

/**
 * The match that gives back the bytes at `at`: the keys, or with them the word of wildcards, or all bytes. Those at `pads`
 * do not count.
 */
export function lossless(
  match: Match | undefined,
  wildcards: number,
  encode: (writer: Writer, match: Match) => void,
  { view, at, size, pads }: { view: DataView; at: number; size: number; pads: readonly number[] },
): Match {
  for (const candidate of match === undefined ? [] : [match, { ...match, ofp_wildcards: wildcards }]) {
    if (isSaidBy((writer) => encode(writer, candidate), view, at, pads)) return candidate;
  }
  return opaque(view, at, size);
}

function isSaidBy(
  encode: (writer: Writer) => void,
  view: DataView,
  at: number,
  pads: readonly number[],
): boolean {
  scratch.length = 0;
  try {
    encode(scratch);
  } catch (error) {
    if (error instanceof EncodeError) return false;
    throw error;
  }
  for (let index = 0; index < scratch.length; index++) {
    if (scratch.bytes[index] !== view.getUint8(at + index) && !pads.includes(index)) return false;
  }
  return true;
}

/** Codecs never wait, so one serves every caller. */
const scratch = new Writer();

/** A copy, so that a small match keeps no large message alive. */
const opaque = (view: DataView, at: number, size: number): Match => ({
  ofp_match: new Uint8Array(view.buffer, view.byteOffset + at, size).slice(),
});
