/** Options of DHCP (RFC 2132 2): u8 code  u8 length  value; pad (0) and end (255) are one byte. */
import { fits } from '../runtime/oxm-numbers.ts';
import type { Cursor } from './cursor.ts';
import { PacketError } from './packet-error.ts';

export interface DhcpOption {
  /** DHCP_OPTION. */
  readonly code: number;
  /** Empty in pad and end. */
  readonly value: Uint8Array;
}

export const DHCP_OPTION = {
  PAD: 0,
  SUBNET_MASK: 1,
  ROUTER: 3,
  DNS_SERVERS: 6,
  HOST_NAME: 12,
  REQUESTED_IP: 50,
  /** Seconds. */
  LEASE_TIME: 51,
  /** DHCP_MESSAGE. */
  MESSAGE_TYPE: 53,
  SERVER_ID: 54,
  PARAMETER_LIST: 55,
  CLIENT_ID: 61,
  RELAY_AGENT: 82,
  END: 255,
} as const;

export const DHCP_MESSAGE = {
  DISCOVER: 1,
  OFFER: 2,
  REQUEST: 3,
  DECLINE: 4,
  ACK: 5,
  NAK: 6,
  RELEASE: 7,
  INFORM: 8,
} as const;

/** Pads count too, and one datagram has 65,535 bytes. */
export const DHCP_OPTIONS_MAX = 0xffff;
const EMPTY = new Uint8Array(0);
const isAlone = (code: number): boolean => code === DHCP_OPTION.PAD || code === DHCP_OPTION.END;

/** The value of an option, its parts joined when it comes in several (RFC 3396); undefined when it is not there. */
export function dhcpOption(options: readonly DhcpOption[], code: number): Uint8Array | undefined {
  const parts = options.filter((option) => option.code === code);
  const [first] = parts;
  if (first === undefined || parts.length === 1) return first?.value;
  return Uint8Array.from(parts.flatMap(({ value }) => [...value]));
}

/** The options up to the end option or the end of the bytes, and where they end. */
export function readDhcpOptions(cursor: Cursor, from: number): readonly [readonly DhcpOption[], number] {
  const options: DhcpOption[] = [];
  let at = from;
  while (at < cursor.end) {
    if (options.length >= DHCP_OPTIONS_MAX) throw new PacketError('dhcp', 'too many options', at);
    const code = cursor.view.getUint8(at);
    if (isAlone(code)) {
      options.push({ code, value: EMPTY });
      at += 1;
      if (code === DHCP_OPTION.END) break;
      continue;
    }
    cursor.need(at, 2, 'dhcp');
    const length = cursor.view.getUint8(at + 1);
    cursor.need(at + 2, length, 'dhcp');
    options.push({ code, value: cursor.slice(at + 2, at + 2 + length) });
    at += 2 + length;
  }
  return [options, at];
}

export function dhcpOptionsBytes(options: readonly DhcpOption[], addEnd: boolean): Uint8Array {
  const bytes = options.flatMap(({ code, value }) =>
    isAlone(code)
      ? [code]
      : [fits(code, 255, 'dhcp option'), fits(value.length, 255, 'length of a dhcp option'), ...value],
  );
  const isEnded = options.at(-1)?.code === DHCP_OPTION.END;
  return Uint8Array.from(addEnd && !isEnded ? [...bytes, DHCP_OPTION.END] : bytes);
}
