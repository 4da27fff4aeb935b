/** What tables and groups call the actions that they know. */

/** By the bit of OFPAT_*, from 1.1 on. */
const NAMES: ReadonlyMap<number, string> = new Map([
  [0, 'output'],
  [1, 'set_vlan_vid'],
  [2, 'set_vlan_pcp'],
  [3, 'mod_dl_src'],
  [4, 'mod_dl_dst'],
  [5, 'mod_nw_src'],
  [6, 'mod_nw_dst'],
  [7, 'mod_nw_tos'],
  [8, 'mod_nw_ecn'],
  [9, 'mod_tp_src'],
  [10, 'mod_tp_dst'],
  [11, 'copy_ttl_out'],
  [12, 'copy_ttl_in'],
  [13, 'set_mpls_label'],
  [14, 'set_mpls_tc'],
  [15, 'set_mpls_ttl'],
  [16, 'dec_mpls_ttl'],
  [17, 'push_vlan'],
  [18, 'strip_vlan'],
  [19, 'push_mpls'],
  [20, 'pop_mpls'],
  [21, 'set_queue'],
  [22, 'group'],
  [23, 'mod_nw_ttl'],
  [24, 'dec_ttl'],
  [25, 'set_field'],
  [26, 'push_pbb'],
  [27, 'pop_pbb'],
  [28, 'copy_field'],
  [29, 'meter'],
]);

/** By the bit of OFPAT_* of 1.0. */
const NAMES_10: readonly string[] = [
  'output',
  'set_vlan_vid',
  'set_vlan_pcp',
  'strip_vlan',
  'mod_dl_src',
  'mod_dl_dst',
  'mod_nw_src',
  'mod_nw_dst',
  'mod_nw_tos',
  'mod_tp_src',
  'mod_tp_dst',
  'enqueue',
];

/** The order in which they are told. */
const ORDER: readonly string[] = [
  'output',
  'group',
  'enqueue',
  'set_field',
  'copy_field',
  'set_vlan_vid',
  'set_vlan_pcp',
  'strip_vlan',
  'push_vlan',
  'mod_dl_src',
  'mod_dl_dst',
  'mod_nw_src',
  'mod_nw_dst',
  'mod_nw_tos',
  'mod_nw_ecn',
  'mod_nw_ttl',
  'mod_tp_src',
  'mod_tp_dst',
  'dec_ttl',
  'set_mpls_label',
  'set_mpls_tc',
  'set_mpls_ttl',
  'dec_mpls_ttl',
  'push_mpls',
  'pop_mpls',
  'set_queue',
  'meter',
];

const bitNumbers = (bits: number): readonly number[] =>
  Array.from({ length: 32 }, (_, bit) => bit).filter((bit) => (bits >>> bit) & 1);

function inOrder(names: readonly string[]): string {
  const known = ORDER.filter((name) => names.includes(name));
  return [...known, ...names.filter((name) => !ORDER.includes(name))].join(' ') || '<none>';
}

const nameOf = (bit: number): string => NAMES.get(bit) ?? `action${bit}`;

export const ACTION_NAMES = {
  /** From a bitmap of 1.1 or later. */
  of: (bits: number): string => inOrder(bitNumbers(bits).map(nameOf)),
  /** From a bitmap of 1.0. */
  of10: (bits: number): string => inOrder(bitNumbers(bits).map((bit) => NAMES_10[bit] ?? `action${bit}`)),
  /** From a list of types. */
  ofCodes: (codes: readonly number[]): string => inOrder(codes.map(nameOf)),
};
