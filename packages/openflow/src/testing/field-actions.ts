/** What actions do to the header fields of a packet, in the pipeline of the fake switch. */
import type { OxmName } from '../generated/match-types.ts';
import type { Action } from '../generated/of13/index.ts';
import { fullMask, isOxmName, valueBits } from '../text/values.ts';
import { bitsValue } from './bits-value.ts';
import type { PacketFields } from './match-logic.ts';

type Value = number | bigint | string;
type Loose = Readonly<Record<string, unknown>>;

const OFPVID_PRESENT = 0x1000;
const PROTOCOLS: Readonly<Record<number, string>> = { 6: 'tcp', 17: 'udp', 132: 'sctp' };
const ARP = 0x0806;

/** The fields after an action that changes some; undefined when it is of another kind. */
export function changedFields(
  fields: PacketFields,
  action: Action | { readonly type: 'strip_vlan' },
): PacketFields | undefined {
  switch (action.type) {
    case 'set_field':
    case 'nx_reg_load2':
      return isOxmName(action.field)
        ? withField(fields, action.field, action.value as Value, action.mask as Value | undefined)
        : fields;
    case 'push_vlan':
      return withTag(fields, {
        vlan_vid: OFPVID_PRESENT | (fields.vlan_vid ?? 0),
        vlan_pcp: fields.vlan_pcp ?? 0,
      });
    case 'pop_vlan':
    case 'strip_vlan': {
      const { vlan_vid: _vid, vlan_pcp: _pcp, ...rest } = fields;
      return rest;
    }
    case 'nx_reg_load':
      return load(fields, action.dst, action.range.offset, action.range.bits, action.value);
    case 'nx_reg_move': {
      const moved = readBits(fields, action.src, action.srcOffset, action.bits);
      return load(fields, action.dst, action.dstOffset, action.bits, moved);
    }
    default:
      return changedByOldActions(fields, action);
  }
}

/** The actions of 1.0 and 1.1, which name header fields without saying of which protocol. */
function changedByOldActions(fields: PacketFields, action: Action): PacketFields | undefined {
  const isArp = fields.eth_type === ARP;
  const protocol = PROTOCOLS[fields.ip_proto ?? 0];
  const put = (field: string | undefined, value: Value): PacketFields =>
    field === undefined ? fields : ({ ...fields, [field]: value } as PacketFields);
  switch (action.type) {
    case 'set_vlan_vid':
      return withTag(fields, { vlan_vid: OFPVID_PRESENT | action.vlanVid, vlan_pcp: fields.vlan_pcp ?? 0 });
    case 'set_vlan_pcp':
      return withTag(fields, { vlan_vid: OFPVID_PRESENT | (fields.vlan_vid ?? 0), vlan_pcp: action.vlanPcp });
    case 'set_dl_src':
      return put('eth_src', action.dlAddr);
    case 'set_dl_dst':
      return put('eth_dst', action.dlAddr);
    case 'set_nw_src':
      return put(isArp ? 'arp_spa' : 'ipv4_src', action.nwAddr);
    case 'set_nw_dst':
      return put(isArp ? 'arp_tpa' : 'ipv4_dst', action.nwAddr);
    case 'set_nw_tos':
      return put('ip_dscp', action.nwTos >> 2);
    case 'set_tp_src':
      return put(protocol && `${protocol}_src`, action.tpPort);
    case 'set_tp_dst':
      return put(protocol && `${protocol}_dst`, action.tpPort);
    default:
      return undefined;
  }
}

const withTag = (fields: PacketFields, tag: { vlan_vid: number; vlan_pcp: number }): PacketFields => ({
  ...fields,
  ...tag,
});

/** Bits of a field; one that the packet does not have is zero. */
export function readBits(fields: PacketFields, id: string, offset: number, bits: number): bigint {
  const name = nameOf(id);
  const value = name === undefined ? undefined : (fields as Loose)[name];
  if (name === undefined || value === undefined) return 0n;
  return (valueBits(name, value as Value) >> BigInt(offset)) & ones(bits);
}

function load(fields: PacketFields, id: string, offset: number, bits: number, value: bigint): PacketFields {
  const name = nameOf(id);
  if (name === undefined) return fields;
  const shift = BigInt(offset);
  return merged(fields, name, (value & ones(bits)) << shift, ones(bits) << shift);
}

function withField(fields: PacketFields, name: OxmName, value: Value, mask: Value | undefined): PacketFields {
  const whole = mask === undefined ? fullMask(name) : valueBits(name, mask);
  return merged(fields, name, valueBits(name, value), whole);
}

function merged(fields: PacketFields, name: OxmName, value: bigint, mask: bigint): PacketFields {
  const before = (fields as Loose)[name];
  const old = before === undefined ? 0n : valueBits(name, before as Value);
  const bits = (old & ~mask) | (value & mask);
  const isTag = name === 'vlan_vid';
  const now = isTag ? bits | BigInt(OFPVID_PRESENT) : bits;
  return { ...fields, [name]: bitsValue(name, now & fullMask(name)) } as PacketFields;
}

const ones = (bits: number): bigint => (1n << BigInt(bits)) - 1n;

/** NXM names stand for the fields of OXM that are the same. */
function nameOf(id: string): OxmName | undefined {
  const name = id.replace(/\/mask$/, '').replace(/^nxm_/, '');
  return isOxmName(name) ? name : undefined;
}
