/**
 * DHCP (RFC 2131 2, options RFC 2132) over UDP ports 67 and 68.
 *
 *   u8 op  u8 hardwareType  u8 hardwareLength  u8 hops  u32 xid  u16 secs  u16 flags
 *   ipv4 clientIp  ipv4 yourIp  ipv4 serverIp  ipv4 relayIp  u8[16] clientHardware
 *   u8[64] serverName  u8[128] bootFile  u32 0x63825363  options (u8 code  u8 length  value; 0 and 255 are alone)
 */
import { readIpv4, writeIpv4 } from '../runtime/addresses.ts';
import { fits } from '../runtime/oxm-numbers.ts';
import { EncodeError } from '../runtime/protocol-error.ts';
import type { Around, Derived } from './around.ts';
import type { Cursor } from './cursor.ts';
import { type DhcpOption, dhcpOptionsBytes, readDhcpOptions } from './dhcp-options.ts';
import type { PacketWriter } from './packet-writer.ts';

export interface Dhcp {
  readonly type: 'dhcp';
  /** 1 request, 2 reply. */
  readonly op: number;
  readonly hardwareType: number;
  readonly hardwareLength: number;
  readonly hops: number;
  readonly xid: number;
  /** Seconds since the client began. */
  readonly secs: number;
  /** 0x8000: answer by broadcast. */
  readonly flags: number;
  readonly clientIp: string;
  readonly yourIp: string;
  readonly serverIp: string;
  readonly relayIp: string;
  /** 16 bytes, of which `hardwareLength` count. */
  readonly clientHardware: Uint8Array;
  /** 64 bytes. */
  readonly serverName: Uint8Array;
  /** 128 bytes. */
  readonly bootFile: Uint8Array;
  /** In the order of the wire, with pads (0) and the end (255). An encoder adds an end that is missing. */
  readonly options: readonly DhcpOption[];
  /** What stands after the end: BOOTP wants 300 bytes. */
  readonly padding?: Uint8Array;
}

export type DhcpInput = Derived<
  Dhcp,
  | 'hardwareType'
  | 'hardwareLength'
  | 'hops'
  | 'secs'
  | 'flags'
  | 'clientIp'
  | 'yourIp'
  | 'serverIp'
  | 'relayIp'
  | 'serverName'
  | 'bootFile'
>;

const FIXED_BYTES = 240;
const COOKIE = 0x63825363;
const NOWHERE = '0.0.0.0';

export function decodeDhcp(cursor: Cursor): Dhcp {
  const { view, at } = cursor;
  cursor.need(at, FIXED_BYTES, 'dhcp');
  const [options, next] = readDhcpOptions(cursor, at + FIXED_BYTES);
  const padding = cursor.slice(next, cursor.end);
  const layer: Dhcp = {
    type: 'dhcp',
    op: view.getUint8(at),
    hardwareType: view.getUint8(at + 1),
    hardwareLength: view.getUint8(at + 2),
    hops: view.getUint8(at + 3),
    xid: view.getUint32(at + 4),
    secs: view.getUint16(at + 8),
    flags: view.getUint16(at + 10),
    clientIp: readIpv4(view, at + 12),
    yourIp: readIpv4(view, at + 16),
    serverIp: readIpv4(view, at + 20),
    relayIp: readIpv4(view, at + 24),
    clientHardware: cursor.slice(at + 28, at + 44),
    serverName: cursor.slice(at + 44, at + 108),
    bootFile: cursor.slice(at + 108, at + 236),
    options,
  };
  cursor.leave(next, next, 'payload');
  return padding.length === 0 ? layer : { ...layer, padding };
}

export function encodeDhcp(layer: DhcpInput, out: PacketWriter, around: Around): void {
  out.prependBytes(dhcpOptionsBytes(layer.options, !around.keepStated));
  const at = out.prepend(FIXED_BYTES);
  const { view } = out;
  view.setUint8(at, fits(layer.op, 255, 'op'));
  view.setUint8(at + 1, fits(layer.hardwareType ?? 1, 255, 'hardware type'));
  view.setUint8(at + 2, fits(layer.hardwareLength ?? 6, 255, 'hardware length'));
  view.setUint8(at + 3, fits(layer.hops ?? 0, 255, 'hops'));
  view.setUint32(at + 4, fits(layer.xid, 0xffffffff, 'xid'));
  view.setUint16(at + 8, fits(layer.secs ?? 0, 0xffff, 'secs'));
  view.setUint16(at + 10, fits(layer.flags ?? 0, 0xffff, 'flags'));
  writeIpv4(view, at + 12, layer.clientIp ?? NOWHERE);
  writeIpv4(view, at + 16, layer.yourIp ?? NOWHERE);
  writeIpv4(view, at + 20, layer.serverIp ?? NOWHERE);
  writeIpv4(view, at + 24, layer.relayIp ?? NOWHERE);
  put(out, at + 28, 16, layer.clientHardware);
  put(out, at + 44, 64, layer.serverName);
  put(out, at + 108, 128, layer.bootFile);
  view.setUint32(at + 236, COOKIE);
  out.append(layer.padding);
}

function put(out: PacketWriter, at: number, size: number, value: Uint8Array | undefined): void {
  if (value === undefined) return;
  if (value.length > size) throw new EncodeError(`dhcp: ${value.length} bytes in a field of ${size}`);
  out.bytes.set(value, at);
}
