/**
 * LLDP data units (IEEE 802.1AB): chassis id, port id and time to live first, any TLVs after them, an end TLV.
 * Each TLV is u16 (type << 9 | length) and its value. TLVs of organisations are type 127: u24 OUI, u8 subtype.
 */
import { EncodeError } from '../runtime/protocol-error.ts';
import { PacketError, present, viewOf } from './packet-error.ts';

/** Bridges do not forward this address, so a unit lives on one link. */
export const LLDP_MAC = '01:80:c2:00:00:0e';

export const LLDP_ID = { MAC: 4, INTERFACE_NAME: 5, LOCAL: 7 } as const;

export interface LldpId {
  readonly subtype: number;
  readonly value: Uint8Array;
}

export interface OrganisationTlv {
  /** 24 bits. */
  readonly oui: number;
  readonly subtype: number;
  readonly value: Uint8Array;
}

export interface OtherTlv {
  /** 4 to 126. */
  readonly type: number;
  readonly value: Uint8Array;
}

export interface Lldp {
  readonly chassisId: LldpId;
  readonly portId: LldpId;
  readonly ttlSec: number;
  readonly organisation: readonly OrganisationTlv[];
  readonly others: readonly OtherTlv[];
}

const [END, CHASSIS, PORT, TTL, ORGANISATION] = [0, 1, 2, 3, 127] as const;
const VALUE_BYTES_MAX = 511;
/** A unit fits one frame of 1,500 bytes, so more TLVs than this cannot be there. */
export const LLDP_TLVS_MAX = 750;

/** An id of our own making, as text. */
export const localId = (text: string): LldpId => ({
  subtype: LLDP_ID.LOCAL,
  value: new TextEncoder().encode(text),
});

/** The text of an id, whatever its subtype. */
export const idText = (id: LldpId): string => new TextDecoder().decode(id.value);

interface Tlv {
  readonly type: number;
  readonly value: Uint8Array;
}

export function decodeLldp(payload: Uint8Array): Lldp {
  const [chassis, port, ttl, ...rest] = tlvsOf(payload);
  if (chassis?.type !== CHASSIS || port?.type !== PORT || ttl?.type !== TTL) {
    throw new PacketError('lldp', 'does not begin with chassis id, port id and time to live');
  }
  if (ttl.value.length < 2) throw new PacketError('lldp', 'the time to live has fewer than 2 bytes');
  const isOrganisation = (tlv: Tlv): boolean => tlv.type === ORGANISATION;
  return {
    chassisId: idOf(chassis),
    portId: idOf(port),
    ttlSec: viewOf(ttl.value).getUint16(0),
    organisation: rest.filter(isOrganisation).map(organisationOf),
    others: rest.filter((tlv) => !isOrganisation(tlv)),
  };
}

function tlvsOf(payload: Uint8Array): readonly Tlv[] {
  const view = viewOf(payload);
  const tlvs: Tlv[] = [];
  let at = 0;
  while (tlvs.length < LLDP_TLVS_MAX) {
    present(view, at, 2, 'lldp');
    const header = view.getUint16(at);
    const [type, length] = [header >>> 9, header & VALUE_BYTES_MAX];
    if (type === END) return tlvs;
    present(view, at + 2, length, 'lldp');
    tlvs.push({ type, value: payload.subarray(at + 2, at + 2 + length) });
    at += 2 + length;
  }
  throw new PacketError('lldp', `more than ${LLDP_TLVS_MAX} TLVs`);
}

function idOf({ value }: Tlv): LldpId {
  const subtype = value[0];
  if (subtype === undefined || value.length < 2) throw new PacketError('lldp', 'an id is empty');
  return { subtype, value: value.subarray(1) };
}

function organisationOf({ value }: Tlv): OrganisationTlv {
  const view = viewOf(value);
  present(view, 0, 4, 'lldp.organisation');
  return { oui: view.getUint32(0) >>> 8, subtype: view.getUint8(3), value: value.subarray(4) };
}

export function encodeLldp(unit: Lldp): Uint8Array {
  const id = ({ subtype, value }: LldpId): Uint8Array => Uint8Array.of(subtype, ...value);
  const parts = [
    tlv(CHASSIS, id(unit.chassisId)),
    tlv(PORT, id(unit.portId)),
    tlv(TTL, Uint8Array.of(unit.ttlSec >>> 8, unit.ttlSec & 255)),
    ...unit.others.map(({ type, value }) => tlv(type, value)),
    ...unit.organisation.map(({ oui, subtype, value }) =>
      tlv(ORGANISATION, Uint8Array.of(oui >>> 16, (oui >>> 8) & 255, oui & 255, subtype, ...value)),
    ),
    new Uint8Array(2),
  ];
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function tlv(type: number, value: Uint8Array): Uint8Array {
  if (value.length > VALUE_BYTES_MAX)
    throw new EncodeError(`an LLDP value of ${value.length} bytes is too long`);
  const bytes = new Uint8Array(2 + value.length);
  viewOf(bytes).setUint16(0, (type << 9) | value.length);
  bytes.set(value, 2);
  return bytes;
}
