/**
 * Options of Neighbour Discovery (RFC 4861 4.6; DNS servers RFC 8106 5.1). An option whose form is not the usual one
 * is kept as bytes.
 *
 *   each: u8 kind  u8 length in 8 bytes  value
 */
import { readIpv6, readMac, writeIpv6, writeMac } from '../runtime/addresses.ts';
import { fits } from '../runtime/oxm-numbers.ts';
import { EncodeError } from '../runtime/protocol-error.ts';
import type { Cursor } from './cursor.ts';
import { PacketError, viewOf } from './packet-error.ts';

export type NdOption =
  | { readonly kind: 'source_link_address' | 'target_link_address'; readonly mac: string }
  | {
      readonly kind: 'prefix';
      readonly prefixLength: number;
      /** 0x80 on link, 0x40 autonomous configuration. */
      readonly flags: number;
      /** 0xffffffff is for ever, in both lifetimes. */
      readonly validSec: number;
      readonly preferredSec: number;
      readonly prefix: string;
    }
  | { readonly kind: 'redirected_packet'; readonly data: Uint8Array }
  /** Bytes. */
  | { readonly kind: 'mtu'; readonly mtu: number }
  | { readonly kind: 'dns_servers'; readonly lifetimeSec: number; readonly servers: readonly string[] }
  /** `value` is 6 bytes and a multiple of 8. */
  | { readonly kind: 'other'; readonly number: number; readonly value: Uint8Array };

/** A packet of 64 KiB has no room for more, each takes 8 bytes. */
export const ND_OPTIONS_MAX = 8192;
const UNIT_BYTES = 8;
const KIND = { SOURCE: 1, TARGET: 2, PREFIX: 3, REDIRECTED: 4, MTU: 5, DNS: 25 } as const;

/** All options from `from` to the end of the packet. */
export function readNdOptions(cursor: Cursor, from: number): readonly NdOption[] {
  const options: NdOption[] = [];
  for (let at = from; at < cursor.end; ) {
    cursor.need(at, 2, 'icmpv6.option');
    const size = cursor.view.getUint8(at + 1) * UNIT_BYTES;
    if (size === 0 || options.length >= ND_OPTIONS_MAX) {
      throw new PacketError('icmpv6.option', `option of ${size} bytes`, at);
    }
    cursor.need(at, size, 'icmpv6.option');
    options.push(optionOf(cursor, at, size));
    at += size;
  }
  return options;
}

function optionOf(cursor: Cursor, at: number, size: number): NdOption {
  const { view } = cursor;
  const number = view.getUint8(at);
  if ((number === KIND.SOURCE || number === KIND.TARGET) && size === 8) {
    const kind = number === KIND.SOURCE ? 'source_link_address' : 'target_link_address';
    return { kind, mac: readMac(view, at + 2) };
  }
  if (number === KIND.PREFIX && size === 32 && view.getUint32(at + 12) === 0) {
    return {
      kind: 'prefix',
      prefixLength: view.getUint8(at + 2),
      flags: view.getUint8(at + 3),
      validSec: view.getUint32(at + 4),
      preferredSec: view.getUint32(at + 8),
      prefix: readIpv6(view, at + 16),
    };
  }
  const reserved = view.getUint16(at + 2);
  if (number === KIND.REDIRECTED && reserved === 0 && view.getUint32(at + 4) === 0) {
    return { kind: 'redirected_packet', data: cursor.slice(at + 8, at + size) };
  }
  if (number === KIND.MTU && size === 8 && reserved === 0)
    return { kind: 'mtu', mtu: view.getUint32(at + 4) };
  if (number === KIND.DNS && reserved === 0 && size % 16 === 8) {
    const servers = Array.from({ length: (size - 8) / 16 }, (_, i) => readIpv6(view, at + 8 + i * 16));
    return { kind: 'dns_servers', lifetimeSec: view.getUint32(at + 4), servers };
  }
  return { kind: 'other', number, value: cursor.slice(at + 2, at + size) };
}

export function ndOptionBytes(option: NdOption): Uint8Array {
  const size = sizeOf(option);
  if (size % UNIT_BYTES !== 0)
    throw new EncodeError(`${option.kind} option of ${size} bytes does not fill units of 8`);
  const bytes = new Uint8Array(size);
  const view = viewOf(bytes);
  view.setUint8(1, fits(size / UNIT_BYTES, 255, 'option length'));
  write(option, bytes, view);
  return bytes;
}

function sizeOf(option: NdOption): number {
  switch (option.kind) {
    case 'prefix':
      return 32;
    case 'redirected_packet':
      return 8 + option.data.length;
    case 'dns_servers':
      return 8 + 16 * option.servers.length;
    case 'other':
      return 2 + option.value.length;
    default:
      return 8;
  }
}

function write(option: NdOption, bytes: Uint8Array, view: DataView): void {
  const number = option.kind === 'other' ? fits(option.number, 255, 'option') : NUMBER_OF[option.kind];
  view.setUint8(0, number);
  switch (option.kind) {
    case 'source_link_address':
    case 'target_link_address':
      writeMac(view, 2, option.mac);
      return;
    case 'prefix':
      view.setUint8(2, fits(option.prefixLength, 128, 'prefix length'));
      view.setUint8(3, fits(option.flags, 255, 'prefix flags'));
      view.setUint32(4, fits(option.validSec, 0xffffffff, 'valid lifetime'));
      view.setUint32(8, fits(option.preferredSec, 0xffffffff, 'preferred lifetime'));
      writeIpv6(view, 16, option.prefix);
      return;
    case 'redirected_packet':
      bytes.set(option.data, 8);
      return;
    case 'mtu':
      view.setUint32(4, fits(option.mtu, 0xffffffff, 'mtu'));
      return;
    case 'dns_servers':
      view.setUint32(4, fits(option.lifetimeSec, 0xffffffff, 'lifetime'));
      option.servers.forEach((server, i) => {
        writeIpv6(view, 8 + i * 16, server);
      });
      return;
    case 'other':
      bytes.set(option.value, 2);
  }
}

const NUMBER_OF = {
  source_link_address: KIND.SOURCE,
  target_link_address: KIND.TARGET,
  prefix: KIND.PREFIX,
  redirected_packet: KIND.REDIRECTED,
  mtu: KIND.MTU,
  dns_servers: KIND.DNS,
} as const;
