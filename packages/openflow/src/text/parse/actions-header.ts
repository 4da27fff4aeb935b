/** Actions that change headers by name: VLAN, addresses, TTL, ports, MPLS, tunnel. */
import type { Version } from '../../versions.ts';
import { type Act, type ActionContext, isBefore12, type PacketState, type WireAction } from './act.ts';
import { isIp, isMpls, loads, setFieldAction } from './actions-field.ts';
import { fieldNamed } from './fields.ts';
import { OF10_ANY, OF11_UP, type Usable } from './formats.ts';
import { bigNumber, number } from './numbers.ts';
import { parseError, type Word } from './parse-error.ts';
import { ipv4Of, macOf, oxmValue, wholeMask } from './values.ts';
import { commaList, type Pair } from './words.ts';

const VLAN_TAG = 0x8100;
const SERVICE_TAG = 0x88a8;
const VLAN_PRESENT = 0x1000;

type Check = NonNullable<Act['check']>;
type Encode = Act['encode'];
const act = (word: Word, encode: Encode, check?: Check): Act => ({
  word,
  stage: 'apply',
  encode,
  ...(check === undefined ? {} : { check }),
});

/** Open vSwitch lets only the formats of 1.0 say an action that does not suit the match. */
const unless = (holds: boolean, usable: Usable): void => {
  if (!holds) usable.formats &= OF10_ANY;
};
const onIp: Check = (packet, usable) => unless(isIp(packet), usable);
const onMpls: Check = (packet, usable) => unless(isMpls(packet), usable);

/** set_field of all bytes of a field, by its name. */
function whole(name: string, value: bigint, version: Version): WireAction {
  const field = fieldNamed(name);
  if (field === undefined) throw new Error(`no field ${name}`);
  return setFieldAction(field, { value, mask: wholeMask(field) }, version);
}

function loaded(name: string, value: bigint): readonly WireAction[] {
  const field = fieldNamed(name);
  return field === undefined ? [] : loads(field, { value, mask: wholeMask(field) });
}

/** mod_vlan_vid and mod_vlan_pcp add a tag where there is none; from 1.1 on that is an action of its own. */
function modVlan(
  pair: Pair,
  bits: number,
  old: (value: number) => WireAction,
  name: string,
  extra: number,
): Act {
  const value = number(pair.value, bits, `a number of ${bits} bits`);
  let hasTag = false;
  const encode: Encode = (version) => {
    if (version === '1.0') return [old(value)];
    const tag = hasTag ? [] : [{ type: 'push_vlan', ethertype: VLAN_TAG }];
    return [...tag, version === '1.1' ? old(value) : whole(name, BigInt(value | extra), version)];
  };
  return act(pair.whole, encode, (packet) => {
    hasTag = packet.hasVlan;
    packet.hasVlan = true;
  });
}

const ethertype = (word: Word, allowed?: readonly number[]): number => {
  const value = number(word, 16, 'an Ethertype');
  if (allowed === undefined || allowed.includes(value)) return value;
  const names = allowed.map((one) => `0x${one.toString(16)}`).join(' or ');
  throw parseError(word, `the Ethertype is ${names}`);
};

function address(
  pair: Pair,
  value: bigint,
  name: string,
  old: (text: unknown) => WireAction,
  check?: Check,
): Act {
  const field = fieldNamed(name);
  const text = field === undefined ? '' : oxmValue(field.oxm, value, field.size);
  return act(pair.whole, (version) => [isBefore12(version) ? old(text) : whole(name, value, version)], check);
}

function transport(pair: Pair, which: 'src' | 'dst'): Act {
  const value = number(pair.value, 16, 'a port');
  let protocol: number | undefined;
  const names: Readonly<Record<number, string>> = { 6: 'tcp', 17: 'udp', 132: 'sctp' };
  return act(
    pair.whole,
    (version) => {
      const name = names[protocol ?? 0];
      // Buckets know no protocol; the old action of 1.1 is what remains.
      if (name === undefined || isBefore12(version)) return [{ type: `set_tp_${which}`, tpPort: value }];
      return [whole(`${name}_${which}`, BigInt(value), version)];
    },
    (packet: PacketState, usable) => {
      protocol = packet.protocol;
      unless(isIp(packet) && (names[protocol ?? 0] ?? '') !== '', usable);
    },
  );
}

/** Words by version: that of 1.0 is Nicira's, later ones are of the specification. */
const renamed =
  (type: string, fields: Readonly<Record<string, unknown>> = {}, old = `nx_${type}`): Encode =>
  (version) => [{ type: version === '1.0' ? old : type, ...fields }];

const mplsField =
  (name: string, bits: number, fieldName: string) =>
  (pair: Pair): Act => {
    const value = number(pair.value, bits, `a number of ${bits} bits`);
    const old = renamed(`set_${name}`, { [fieldName]: value });
    return act(pair.whole, (v) => (isBefore12(v) ? old(v) : [whole(name, BigInt(value), v)]), onMpls);
  };

function decTtl({ value, whole: word }: Pair): Act {
  const ids = commaList(value).map((one) => number(one, 16, 'the id of a controller'));
  const plain = renamed('dec_nw_ttl', {}, 'nx_dec_ttl');
  return act(
    word,
    ids.length === 0 ? plain : () => [{ type: 'nx_dec_ttl_cnt_ids', controllerIds: ids }],
    onIp,
  );
}

function setTunnel(pair: Pair, isWide: boolean): Act {
  const value = bigNumber(pair.value, 64, 'a tunnel id');
  const is32 = !isWide && value <= 0xffffffffn;
  const old = is32
    ? { type: 'nx_set_tunnel', tunnelId: Number(value) }
    : { type: 'nx_set_tunnel64', tunnelId: value };
  return act(pair.whole, (version) => [isBefore12(version) ? old : whole('tun_id', value, version)]);
}

export const HEADER_ACTIONS: Readonly<Record<string, (pair: Pair, context: ActionContext) => Act>> = {
  mod_vlan_vid: (pair) =>
    modVlan(pair, 12, (vlanVid) => ({ type: 'set_vlan_vid', vlanVid }), 'vlan_vid', VLAN_PRESENT),
  mod_vlan_pcp: (pair) => modVlan(pair, 3, (vlanPcp) => ({ type: 'set_vlan_pcp', vlanPcp }), 'vlan_pcp', 0),
  strip_vlan: stripVlan,
  pop_vlan: stripVlan,
  push_vlan: ({ value, whole: word }, { usable }) => {
    usable.formats &= OF11_UP;
    const action = { type: 'push_vlan', ethertype: ethertype(value, [VLAN_TAG, SERVICE_TAG]) };
    return act(
      word,
      () => [action],
      (packet) => {
        packet.hasVlan = true;
      },
    );
  },
  mod_dl_src: (pair) =>
    address(pair, macOf(pair.value), 'eth_src', (dlAddr) => ({ type: 'set_dl_src', dlAddr })),
  mod_dl_dst: (pair) =>
    address(pair, macOf(pair.value), 'eth_dst', (dlAddr) => ({ type: 'set_dl_dst', dlAddr })),
  mod_nw_src: (pair) =>
    address(pair, ipv4Of(pair.value), 'ip_src', (nwAddr) => ({ type: 'set_nw_src', nwAddr }), onIp),
  mod_nw_dst: (pair) =>
    address(pair, ipv4Of(pair.value), 'ip_dst', (nwAddr) => ({ type: 'set_nw_dst', nwAddr }), onIp),
  mod_nw_tos: ({ value, whole: word }) => {
    const nwTos = number(value, 8, 'a type of service');
    if ((nwTos & 3) !== 0)
      throw parseError(value, 'the two lowest bits of the type of service are those of ECN');
    const dscp = BigInt(nwTos >> 2);
    return act(
      word,
      (v) => [isBefore12(v) ? { type: 'set_nw_tos', nwTos } : whole('ip_dscp', dscp, v)],
      onIp,
    );
  },
  mod_nw_ecn: ({ value, whole: word }) => {
    const ecn = number(value, 2, 'a number of 2 bits');
    const encode: Encode = (version) => {
      if (version === '1.0') return loaded('nw_ecn', BigInt(ecn));
      return [version === '1.1' ? { type: 'set_nw_ecn', nwEcn: ecn } : whole('nw_ecn', BigInt(ecn), version)];
    };
    return act(word, encode, onIp);
  },
  mod_nw_ttl: ({ value, whole: word }) => {
    const ttl = number(value, 8, 'a number of 8 bits');
    return act(
      word,
      (v) => (v === '1.0' ? loaded('nw_ttl', BigInt(ttl)) : [{ type: 'set_nw_ttl', ttl }]),
      onIp,
    );
  },
  mod_tp_src: (pair) => transport(pair, 'src'),
  mod_tp_dst: (pair) => transport(pair, 'dst'),
  dec_ttl: decTtl,
  set_mpls_label: mplsField('mpls_label', 20, 'mplsLabel'),
  set_mpls_tc: mplsField('mpls_tc', 3, 'mplsTc'),
  set_mpls_ttl: ({ value, whole: word }) =>
    act(word, renamed('set_mpls_ttl', { ttl: number(value, 8, 'a number of 8 bits') }), onMpls),
  dec_mpls_ttl: ({ whole: word }) => act(word, renamed('dec_mpls_ttl'), onMpls),
  push_mpls: ({ value, whole: word }) => {
    const type = ethertype(value);
    return act(word, renamed('push_mpls', { ethertype: type }), (packet) => {
      packet.ethType = type;
      packet.protocol = undefined;
    });
  },
  pop_mpls: ({ value, whole: word }) => {
    const type = ethertype(value);
    return act(word, renamed('pop_mpls', { ethertype: type }), (packet, usable) => {
      unless(isMpls(packet), usable);
      packet.ethType = type;
    });
  },
  set_tunnel: (pair) => setTunnel(pair, false),
  set_tunnel64: (pair) => setTunnel(pair, true),
};

function stripVlan({ whole: word }: Pair): Act {
  return act(word, renamed('pop_vlan', {}, 'strip_vlan'), (packet, usable) => {
    unless(packet.hasVlan, usable);
    packet.hasVlan = false;
  });
}
