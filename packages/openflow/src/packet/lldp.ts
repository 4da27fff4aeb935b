/**
 * LLDP data units (IEEE 802.1AB-2016 8): chassis id, port id and time to live first, any TLVs after them in the order
 * of the wire, an end TLV.
 */
import { fits } from '../runtime/oxm-numbers.ts';
import type { Cursor } from './cursor.ts';
import { type LldpTlv, readTlvs, tlvBytes, tlvOf } from './lldp-tlvs.ts';
import { PacketError, viewOf } from './packet-error.ts';
import type { PacketWriter } from './packet-writer.ts';

/** Bridges do not forward this address, so a unit lives on one link. */
export const LLDP_MAC = '01:80:c2:00:00:0e';

/** Subtypes of ids; chassis and port ids share these numbers, except 5 (chassis: network address). */
export const LLDP_ID = { MAC: 4, INTERFACE_NAME: 5, LOCAL: 7 } as const;

export interface LldpId {
  readonly subtype: number;
  /** 1 to 255 bytes. */
  readonly value: Uint8Array;
}

export interface Lldp {
  readonly type: 'lldp';
  readonly chassisId: LldpId;
  readonly portId: LldpId;
  readonly ttlSec: number;
  /** Everything between the time to live and the end. */
  readonly tlvs: readonly LldpTlv[];
  /** What Ethernet has added after the end TLV. */
  readonly padding?: Uint8Array;
}

const [CHASSIS, PORT, TTL] = [1, 2, 3] as const;

/** An id of our own making, as text. */
export const localId = (text: string): LldpId => ({
  subtype: LLDP_ID.LOCAL,
  value: new TextEncoder().encode(text),
});

/** The text of an id, whatever its subtype. */
export const idText = (id: LldpId): string => new TextDecoder().decode(id.value);

export function decodeLldp(cursor: Cursor): Lldp {
  const [[chassis, port, ttl, ...rest], next] = readTlvs(cursor);
  if (chassis?.number !== CHASSIS || port?.number !== PORT || ttl?.number !== TTL) {
    throw new PacketError('lldp', 'does not begin with chassis id, port id and time to live', cursor.at);
  }
  if (ttl.value.length !== 2) {
    throw new PacketError('lldp', `a time to live of ${ttl.value.length} bytes`, cursor.at);
  }
  const layer: Lldp = {
    type: 'lldp',
    chassisId: idOf(chassis.value, cursor.at),
    portId: idOf(port.value, cursor.at),
    ttlSec: viewOf(ttl.value).getUint16(0),
    tlvs: rest.map(tlvOf),
  };
  const padding = cursor.slice(next, cursor.end);
  cursor.leave(next, next, 'payload');
  return padding.length === 0 ? layer : { ...layer, padding };
}

function idOf(value: Uint8Array, at: number): LldpId {
  const subtype = value[0];
  if (subtype === undefined || value.length < 2) throw new PacketError('lldp', 'an id is empty', at);
  return { subtype, value: value.subarray(1) };
}

export function encodeLldp(unit: Lldp, out: PacketWriter): void {
  const id = (number: number, { subtype, value }: LldpId): LldpTlv => ({
    kind: 'other',
    number,
    value: Uint8Array.of(fits(subtype, 255, 'id subtype'), ...value),
  });
  const ttl = fits(unit.ttlSec, 0xffff, 'time to live');
  const tlvs: readonly LldpTlv[] = [
    id(CHASSIS, unit.chassisId),
    id(PORT, unit.portId),
    { kind: 'other', number: TTL, value: Uint8Array.of(ttl >>> 8, ttl & 255) },
    ...unit.tlvs,
    { kind: 'other', number: 0, value: new Uint8Array(0) },
  ];
  for (let i = tlvs.length - 1; i >= 0; i--) out.prependBytes(tlvBytes(tlvs[i] as LldpTlv));
  out.append(unit.padding);
}
