// Generated from schema/ by `npm run generate -w @oflib/openflow`. Do not edit.
import { readMac, writeMac } from '../runtime/addresses.ts';
import { exactly, readText, u32, writeText } from '../runtime/bounds.ts';
import type { Buildable } from '../runtime/buildable.ts';
import { ELEMENT, type ElementKind } from '../runtime/list.ts';
import type { Writer } from '../runtime/writer.ts';

/** A port of the switch (ofp_port). OpenFlow 1.3.0 §A.2.1. */
export interface Port {
  readonly portNo: number;
  readonly hwAddr: string;
  readonly name: string;
  /** OFPPC_* */
  readonly config: number;
  /** OFPPS_* */
  readonly state: number;
  /** OFPPF_* */
  readonly curr: number;
  /** OFPPF_* */
  readonly advertised: number;
  /** OFPPF_* */
  readonly supported: number;
  /** OFPPF_* */
  readonly peer: number;
  /** kb/s */
  readonly currSpeed: number;
  /** kb/s */
  readonly maxSpeed: number;
}

/** A Port with the usual values where `fields` says nothing. */
export const port = (fields: Buildable<Port, 'name' | 'config' | 'state' | 'curr' | 'advertised' | 'supported' | 'peer' | 'currSpeed' | 'maxSpeed'>): Port => ({
  name: '',
  config: 0,
  state: 0,
  curr: 0,
  advertised: 0,
  supported: 0,
  peer: 0,
  currSpeed: 0,
  maxSpeed: 0,
  ...fields,
});

export function decodePort(view: DataView, off: number, end: number): Port {
  exactly(off, end, 64, ELEMENT);
  const portNo = view.getUint32(off);
  const hwAddr = readMac(view, off + 8);
  const name = readText(view, off + 16, 16);
  const config = view.getUint32(off + 32);
  const state = view.getUint32(off + 36);
  const curr = view.getUint32(off + 40);
  const advertised = view.getUint32(off + 44);
  const supported = view.getUint32(off + 48);
  const peer = view.getUint32(off + 52);
  const currSpeed = view.getUint32(off + 56);
  const maxSpeed = view.getUint32(off + 60);
  return { portNo, hwAddr, name, config, state, curr, advertised, supported, peer, currSpeed, maxSpeed };
}

export function encodePort(writer: Writer, value: Port): void {
  const at = writer.claim(64);
  const view = writer.view;
  view.setUint32(at, u32(value.portNo, 'portNo'));
  view.setUint32(at + 4, 0);
  writeMac(view, at + 8, value.hwAddr);
  view.setUint16(at + 14, 0);
  writeText(writer.bytes, at + 16, 16, value.name, 'name');
  view.setUint32(at + 32, u32(value.config, 'config'));
  view.setUint32(at + 36, u32(value.state, 'state'));
  view.setUint32(at + 40, u32(value.curr, 'curr'));
  view.setUint32(at + 44, u32(value.advertised, 'advertised'));
  view.setUint32(at + 48, u32(value.supported, 'supported'));
  view.setUint32(at + 52, u32(value.peer, 'peer'));
  view.setUint32(at + 56, u32(value.currSpeed, 'currSpeed'));
  view.setUint32(at + 60, u32(value.maxSpeed, 'maxSpeed'));
}

export const portKind: ElementKind<Port> = {
  lengthAt: -1,
  minimum: 64,
  align: 1,
  lengthIncludesPadding: true,
  badLength: [1, 6],
  decode: decodePort,
  encode: encodePort,
};
