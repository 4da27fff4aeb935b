/**
 * Headers of OXM fields that stand alone, without a value: what to move, where to load, which fields a table knows.
 * As text an id is the name of the field, with `/mask` behind it when the header has its mask bit and twice the
 * length. A header that no table names is `0x` and 8 hexadecimal digits, and for class OFPXMC_EXPERIMENTER, where it
 * takes 8 bytes, `:` and those of the experimenter.
 */
import { OXM_FIELDS, type OxmName } from '../generated/match-types.ts';
import { need } from './bounds.ts';
import { ELEMENT } from './list.ts';
import { EncodeError } from './protocol-error.ts';
import type { Writer } from './writer.ts';

/** `eth_dst`, `reg0/mask`, `0x80010008`, `0xffff0a04:4f4e4600`. */
export type OxmId = OxmName | `${OxmName}/mask` | `0x${string}`;

const CLASS_EXPERIMENTER = 0xffff;
const MASK_BIT = 0x100;

const headerOf = (name: string): number | undefined => {
  const info = OXM_FIELDS[name as OxmName];
  return info === undefined ? undefined : 0x80000000 + info.number * 512 + info.size;
};
const NAMES = new Map(Object.keys(OXM_FIELDS).map((name) => [headerOf(name), name as OxmName]));

/** The field whose header, in 4 bytes, stands at `at`. */
export function readOxmId(view: DataView, at: number): OxmId {
  return textOf(view.getUint32(at));
}

function textOf(header: number): OxmId {
  const name = NAMES.get(header);
  if (name !== undefined) return name;
  const length = header & 0xff;
  const masked =
    (header & MASK_BIT) !== 0 && length % 2 === 0 ? NAMES.get(header - MASK_BIT - length / 2) : undefined;
  return masked === undefined ? `0x${hex(header)}` : `${masked}/mask`;
}

const hex = (word: number): string => word.toString(16).padStart(8, '0');

/** Throws EncodeError for text that is no id, and for one that takes 8 bytes. */
export function writeOxmId(view: DataView, at: number, id: OxmId): void {
  const { header, experimenter } = parsed(id);
  if (experimenter !== undefined) throw new EncodeError(`${id} takes 8 bytes, there is room for 4`);
  view.setUint32(at, header);
}

interface Header {
  readonly header: number;
  readonly experimenter?: number;
}

function parsed(id: OxmId): Header {
  const [name = '', mask] = id.split('/');
  const known = headerOf(name);
  if (known !== undefined && (mask === undefined || mask === 'mask')) {
    return { header: mask === undefined ? known : known + MASK_BIT + (known & 0xff) };
  }
  const found = /^0x([0-9a-f]{8})(?::([0-9a-f]{8}))?$/.exec(id);
  if (found === null) throw new EncodeError(`"${id}" is not an OXM field`);
  const header = Number.parseInt(found[1] ?? '', 16);
  return found[2] === undefined ? { header } : { header, experimenter: Number.parseInt(found[2], 16) };
}

/** Ids of 4 bytes, or 8 with an experimenter, up to `end`. */
export function decodeOxmIds(view: DataView, from: number, end: number): readonly OxmId[] {
  const ids: OxmId[] = [];
  let at = from;
  while (at < end) {
    const stop = endOfOxmHeader(view, at, end);
    ids.push(decodeOxmHeader(view, at));
    at = stop;
  }
  return ids;
}

export function encodeOxmIds(writer: Writer, ids: readonly OxmId[]): void {
  for (const id of ids) encodeOxmHeader(writer, id);
}

/** Where the header at `at` ends: it takes 4 bytes, or 8 with an experimenter. */
export function endOfOxmHeader(view: DataView, at: number, end: number): number {
  need(at, end, 4, ELEMENT);
  const size = view.getUint16(at) === CLASS_EXPERIMENTER ? 8 : 4;
  need(at, end, size, ELEMENT);
  return at + size;
}

/** The field whose header stands at `at`, whose bounds endOfOxmHeader has checked. */
export function decodeOxmHeader(view: DataView, at: number): OxmId {
  const header = view.getUint32(at);
  if (header >>> 16 !== CLASS_EXPERIMENTER) return textOf(header);
  return `0x${hex(header)}:${hex(view.getUint32(at + 4))}`;
}

export function encodeOxmHeader(writer: Writer, id: OxmId): void {
  const { header, experimenter } = parsed(id);
  const at = writer.claim(experimenter === undefined ? 4 : 8);
  writer.view.setUint32(at, header);
  if (experimenter !== undefined) writer.view.setUint32(at + 4, experimenter);
}
