// Generated from schema/ by `npm run generate -w @oflib/openflow`. Do not edit.
import { readMac, writeMac } from '../runtime/addresses.ts';
import { exactly, u32 } from '../runtime/bounds.ts';
import type { Buildable } from '../runtime/buildable.ts';
import type { Writer } from '../runtime/writer.ts';

/** OFPT_PORT_MOD: changes the behaviour of a port. OpenFlow 1.3.0 §A.3.4.3. */
export interface PortMod {
  readonly type: 'port_mod';
  readonly portNo: number;
  /** must be the address of the port */
  readonly hwAddr: string;
  /** OFPPC_* */
  readonly config: number;
  /** bits of config to change */
  readonly mask: number;
  /** OFPPF_*, 0 changes nothing */
  readonly advertise: number;
}

/** A PortMod with the usual values where `fields` says nothing. */
export const portMod = (fields: Buildable<PortMod, 'config' | 'mask' | 'advertise'>): PortMod => ({
  type: 'port_mod',
  config: 0,
  mask: 0,
  advertise: 0,
  ...fields,
});

export function decodePortMod(view: DataView, off: number, end: number): PortMod {
  exactly(off, end, 32, 'port_mod');
  const portNo = view.getUint32(off);
  const hwAddr = readMac(view, off + 8);
  const config = view.getUint32(off + 16);
  const mask = view.getUint32(off + 20);
  const advertise = view.getUint32(off + 24);
  return { type: 'port_mod', portNo, hwAddr, config, mask, advertise };
}

export function encodePortMod(writer: Writer, value: PortMod): void {
  const at = writer.claim(32);
  const view = writer.view;
  view.setUint32(at, u32(value.portNo, 'portNo'));
  view.setUint32(at + 4, 0);
  writeMac(view, at + 8, value.hwAddr);
  view.setUint16(at + 14, 0);
  view.setUint32(at + 16, u32(value.config, 'config'));
  view.setUint32(at + 20, u32(value.mask, 'mask'));
  view.setUint32(at + 24, u32(value.advertise, 'advertise'));
  view.setUint32(at + 28, 0);
}
