/**
 * Headers of OXM fields that stand alone, without a value: what to move, where to load, which fields a table knows.
 * As text an id is the name of the field, with `/mask` behind it when the header has its mask bit and twice the
 * length. A header that no table names is `0x` and 8 hexadecimal digits, and for class OFPXMC_EXPERIMENTER, where it
 * takes 8 bytes, `:` and those of the experimenter.
 */
import type { OxmName } from '../generated/match-types.ts';
import { ELEMENT } from './list.ts';
import { CLASS_EXPERIMENTER, MASK_BIT, oxmExperimenterOf, oxmHeaderOf, oxmNameOf } from './oxm-headers.ts';
import { BAD_MATCH_LEN, EncodeError, protocolError } from './protocol-error.ts';
import type { Writer } from './writer.ts';

/** `eth_dst`, `reg0/mask`, `0x80010008`, `0xffff0a04:4f4e4600`. */
export type OxmId = OxmName | `${OxmName}/mask` | `0x${string}`;

/** The field whose header, in 4 bytes, stands at `at`. */
export function readOxmId(view: DataView, at: number): OxmId {
  return textOf(view.getUint32(at));
}

function textOf(header: number, experimenter?: number): OxmId {
  const name = oxmNameOf(header, experimenter);
  if (name !== undefined) return name;
  const plain = withoutMask(header, experimenter);
  const masked = plain === undefined ? undefined : oxmNameOf(plain, experimenter);
  if (masked !== undefined) return `${masked}/mask`;
  return experimenter === undefined ? `0x${hex(header)}` : `0x${hex(header)}:${hex(experimenter)}`;
}

/** The length of a header counts value and mask, which are equally long, and before them the experimenter. */
const experimenterBytes = (experimenter: number | undefined): number => (experimenter === undefined ? 0 : 4);

function withoutMask(header: number, experimenter: number | undefined): number | undefined {
  const both = (header & 0xff) - experimenterBytes(experimenter);
  return (header & MASK_BIT) === 0 || both < 0 || both % 2 === 1 ? undefined : header - MASK_BIT - both / 2;
}

const withMask = (header: number, experimenter: number | undefined): number =>
  header + MASK_BIT + (header & 0xff) - experimenterBytes(experimenter);

const hex = (word: number): string => word.toString(16).padStart(8, '0');

/** Throws EncodeError for text that is no id, and for one that takes 8 bytes. */
export function writeOxmId(view: DataView, at: number, id: OxmId): void {
  const { header, experimenter } = parsed(id);
  if (experimenter !== undefined) throw new EncodeError(`${id} takes 8 bytes, there is room for 4`);
  view.setUint32(at, header);
}

interface Header {
  readonly header: number;
  readonly experimenter: number | undefined;
}

function parsed(id: OxmId): Header {
  const [name = '', mask] = id.split('/');
  const known = oxmHeaderOf(name);
  if (known !== undefined && (mask === undefined || mask === 'mask')) {
    const experimenter = oxmExperimenterOf(name);
    return { header: mask === undefined ? known : withMask(known, experimenter), experimenter };
  }
  const found = /^0x([0-9a-f]{8})(?::([0-9a-f]{8}))?$/.exec(id);
  if (found === null) throw new EncodeError(`"${id}" is not an OXM field`);
  const header = Number.parseInt(found[1] ?? '', 16);
  const experimenter = found[2] === undefined ? undefined : Number.parseInt(found[2], 16);
  if (experimenter !== undefined && header >>> 16 !== CLASS_EXPERIMENTER) {
    throw new EncodeError(`"${id}": only class 0xffff has experimenters`);
  }
  return { header, experimenter };
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
  const size = end - at >= 4 && view.getUint16(at) === CLASS_EXPERIMENTER ? 8 : 4;
  if (end - at < size) {
    throw protocolError(`an OXM header needs ${size} bytes, had ${end - at}`, BAD_MATCH_LEN, at, ELEMENT);
  }
  return at + size;
}

/** The field whose header stands at `at`, whose bounds endOfOxmHeader has checked. */
export function decodeOxmHeader(view: DataView, at: number): OxmId {
  const header = view.getUint32(at);
  return header >>> 16 === CLASS_EXPERIMENTER ? textOf(header, view.getUint32(at + 4)) : textOf(header);
}

export function encodeOxmHeader(writer: Writer, id: OxmId): void {
  const { header, experimenter } = parsed(id);
  const at = writer.claim(experimenter === undefined ? 4 : 8);
  writer.view.setUint32(at, header);
  if (experimenter !== undefined) writer.view.setUint32(at + 4, experimenter);
}
