/**
 * The lists of actions and instructions in table features: headers without what would follow them. Each takes 4
 * bytes from 1.3.1 on; by 1.3.0 an action header has 4 bytes of padding, which some controllers still send; those of an
 * experimenter go on with its number and what it likes. Whatever follows the header is kept.
 */
import { bytesOf, u16, u32 } from '../bounds.ts';
import { ELEMENT } from '../list.ts';
import { BAD_REQUEST_LEN, EncodeError, protocolError } from '../protocol-error.ts';
import type { Writer } from '../writer.ts';

/** The number of an action (OFPAT_*) or of an instruction (OFPIT_*). */
export interface TypeId {
  readonly code: number;
  /** Of code 0xffff only. */
  readonly experimenter?: number;
  /** What follows, when something does. */
  readonly data?: Uint8Array;
}

const HEADER = 4;
const EXPERIMENTER = 0xffff;

/** Throws ProtocolError when a length is not possible. */
export function decodeTypeIds(view: DataView, from: number, end: number): readonly TypeId[] {
  const ids: TypeId[] = [];
  let at = from;
  while (at < end) {
    // Every turn advances by a header at least.
    const size = end - at < HEADER ? 0 : view.getUint16(at + 2);
    if (size < HEADER || size > end - at) {
      throw protocolError(
        `length ${size} of an id does not fit ${end - at} bytes`,
        BAD_REQUEST_LEN,
        at,
        ELEMENT,
      );
    }
    ids.push(typeId(view, at, at + size));
    at += size;
  }
  return ids;
}

function typeId(view: DataView, at: number, end: number): TypeId {
  const code = view.getUint16(at);
  const isExperimenter = code === EXPERIMENTER && end - at >= 8;
  const from = at + (isExperimenter ? 8 : HEADER);
  return {
    code,
    ...(isExperimenter ? { experimenter: view.getUint32(at + HEADER) } : {}),
    ...(from < end ? { data: bytesOf(view, from, end) } : {}),
  };
}

export function encodeTypeIds(writer: Writer, ids: readonly TypeId[]): void {
  for (const { code, experimenter, data } of ids) {
    if (experimenter !== undefined && code !== EXPERIMENTER) {
      throw new EncodeError(`the id ${code} is of the specification, it has no experimenter`);
    }
    const at = writer.claim(experimenter === undefined ? HEADER : 8);
    writer.view.setUint16(at, u16(code, 'code'));
    if (experimenter !== undefined) writer.view.setUint32(at + HEADER, u32(experimenter, 'experimenter'));
    if (data !== undefined) writer.append(data);
    writer.patchLength(at + 2, at, 'type_id');
  }
}
