/**
 * Counters with names of their own, in the property intel_custom of port_stats: u16 number of counters, then each as u8
 * length of the name, the name, u64 value.
 */
import { need, u16, u64 } from '../bounds.ts';
import { ELEMENT } from '../list.ts';
import { BAD_REQUEST_LEN, EncodeError, protocolError } from '../protocol-error.ts';
import type { Writer } from '../writer.ts';

export interface PortCounter {
  /** For example 'rx_q0_bytes'. Bytes above 127 are the code points of Latin-1. */
  readonly name: string;
  readonly value: bigint;
}

const NAME_MAX = 255;

/** Throws ProtocolError when the counters do not fill the bytes. */
export function decodePortCounters(view: DataView, from: number, end: number): readonly PortCounter[] {
  need(from, end, 2, ELEMENT);
  const count = view.getUint16(from);
  const counters: PortCounter[] = [];
  let at = from + 2;
  while (counters.length < count) {
    need(at, end, 1, ELEMENT);
    const size = view.getUint8(at);
    need(at, end, 1 + size + 8, ELEMENT);
    counters.push({ name: nameAt(view, at + 1, size), value: view.getBigUint64(at + 1 + size) });
    at += 1 + size + 8;
  }
  if (at !== end) {
    throw protocolError(`${end - at} bytes follow ${count} counters`, BAD_REQUEST_LEN, at, ELEMENT);
  }
  return counters;
}

function nameAt(view: DataView, at: number, size: number): string {
  let name = '';
  for (let i = 0; i < size; i++) name += String.fromCharCode(view.getUint8(at + i));
  return name;
}

export function encodePortCounters(writer: Writer, counters: readonly PortCounter[]): void {
  const at = writer.claim(2);
  writer.view.setUint16(at, u16(counters.length, 'counters'));
  for (const { name, value } of counters) {
    if (name.length > NAME_MAX) throw new EncodeError(`"${name}" is longer than ${NAME_MAX} bytes`);
    const start = writer.claim(1 + name.length + 8);
    writer.view.setUint8(start, name.length);
    for (let i = 0; i < name.length; i++) writer.view.setUint8(start + 1 + i, latin1(name, i));
    writer.view.setBigUint64(start + 1 + name.length, u64(value, name));
  }
}

function latin1(name: string, index: number): number {
  const code = name.charCodeAt(index);
  if (code > 255) throw new EncodeError(`"${name}" is not Latin-1 text`);
  return code;
}
