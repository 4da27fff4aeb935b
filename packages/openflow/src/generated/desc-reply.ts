// Generated from schema/ by `npm run generate -w @oflib/openflow`. Do not edit.
import { exactly, readText, u16, writeText } from '../runtime/bounds.ts';
import type { Buildable } from '../runtime/buildable.ts';
import type { Writer } from '../runtime/writer.ts';

/** OFPMP_DESC reply: makers and serial number. OpenFlow 1.3.0 §A.3.5.1. */
export interface DescReply {
  readonly type: 'desc_reply';
  /** OFPMPF_*: more fragments follow */
  readonly flags: number;
  readonly manufacturer: string;
  readonly hardware: string;
  readonly software: string;
  readonly serialNumber: string;
  readonly datapath: string;
}

/** A DescReply with the usual values where `fields` says nothing. */
export const descReply = (fields: Buildable<DescReply, 'flags' | 'manufacturer' | 'hardware' | 'software' | 'serialNumber' | 'datapath'> = {}): DescReply => ({
  type: 'desc_reply',
  flags: 0,
  manufacturer: '',
  hardware: '',
  software: '',
  serialNumber: '',
  datapath: '',
  ...fields,
});

export function decodeDescReply(view: DataView, off: number, end: number): DescReply {
  exactly(off, end, 1064, 'desc_reply');
  const flags = view.getUint16(off + 2);
  const manufacturer = readText(view, off + 8, 256);
  const hardware = readText(view, off + 264, 256);
  const software = readText(view, off + 520, 256);
  const serialNumber = readText(view, off + 776, 32);
  const datapath = readText(view, off + 808, 256);
  return { type: 'desc_reply', flags, manufacturer, hardware, software, serialNumber, datapath };
}

export function encodeDescReply(writer: Writer, value: DescReply): void {
  const at = writer.claim(1064);
  const view = writer.view;
  view.setUint16(at, 0);
  view.setUint16(at + 2, u16(value.flags, 'flags'));
  view.setUint32(at + 4, 0);
  writeText(writer.bytes, at + 8, 256, value.manufacturer, 'manufacturer');
  writeText(writer.bytes, at + 264, 256, value.hardware, 'hardware');
  writeText(writer.bytes, at + 520, 256, value.software, 'software');
  writeText(writer.bytes, at + 776, 32, value.serialNumber, 'serialNumber');
  writeText(writer.bytes, at + 808, 256, value.datapath, 'datapath');
}
