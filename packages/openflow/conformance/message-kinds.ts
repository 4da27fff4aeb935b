/**
 * Every message of every version by its number on the wire, from the specifications (the enums ofp_type and
 * ofp_multipart_type), not from this library's schema: the list that the corpus is measured against.
 */
import type { WireVersion } from './ovs-ofctl.ts';

/** `first` to `last` are the versions that have it under this number. */
type Row = readonly [code: number, name: string, first: WireVersion, last: WireVersion];

const TYPES_OF_10: readonly (readonly [number, string])[] = [
  [12, 'port_status'],
  [13, 'packet_out'],
  [14, 'flow_mod'],
  [15, 'port_mod'],
  [18, 'barrier_request'],
  [19, 'barrier_reply'],
  [20, 'queue_get_config_request'],
  [21, 'queue_get_config_reply'],
];

const TYPES: readonly Row[] = [
  [0, 'hello', 1, 6],
  [1, 'error', 1, 6],
  [2, 'echo_request', 1, 6],
  [3, 'echo_reply', 1, 6],
  [4, 'experimenter', 1, 6],
  [5, 'features_request', 1, 6],
  [6, 'features_reply', 1, 6],
  [7, 'get_config_request', 1, 6],
  [8, 'get_config_reply', 1, 6],
  [9, 'set_config', 1, 6],
  [10, 'packet_in', 1, 6],
  [11, 'flow_removed', 1, 6],
  ...TYPES_OF_10.map(([code, name]): Row => [code, name, 1, 1]),
  [12, 'port_status', 2, 6],
  [13, 'packet_out', 2, 6],
  [14, 'flow_mod', 2, 6],
  [15, 'group_mod', 2, 6],
  [16, 'port_mod', 2, 6],
  [17, 'table_mod', 2, 6],
  [20, 'barrier_request', 2, 6],
  [21, 'barrier_reply', 2, 6],
  [22, 'queue_get_config_request', 2, 4],
  [23, 'queue_get_config_reply', 2, 4],
  [24, 'role_request', 3, 6],
  [25, 'role_reply', 3, 6],
  [26, 'get_async_request', 4, 6],
  [27, 'get_async_reply', 4, 6],
  [28, 'set_async', 4, 6],
  [29, 'meter_mod', 4, 6],
  [30, 'role_status', 5, 6],
  [31, 'table_status', 5, 6],
  [32, 'requestforward', 5, 6],
  [33, 'bundle_control', 5, 6],
  [34, 'bundle_add_message', 5, 6],
  [35, 'controller_status', 6, 6],
];

const MULTIPARTS: readonly Row[] = [
  [0, 'desc', 1, 6],
  [1, 'flow (flow_desc in 1.5)', 1, 6],
  [2, 'aggregate', 1, 6],
  [3, 'table', 1, 6],
  [4, 'port_stats', 1, 6],
  [5, 'queue', 1, 6],
  [6, 'group', 2, 6],
  [7, 'group_desc', 2, 6],
  [8, 'group_features', 3, 6],
  [9, 'meter', 4, 6],
  [10, 'meter_config', 4, 6],
  [11, 'meter_features', 4, 6],
  [12, 'table_features', 4, 6],
  [13, 'port_desc', 4, 6],
  [14, 'table_desc', 5, 6],
  [15, 'queue_desc', 5, 6],
  [16, 'flow_monitor', 5, 6],
  [17, 'flow_stats', 6, 6],
  [18, 'controller_status', 6, 6],
  [19, 'bundle_features', 6, 6],
  [0xffff, 'experimenter', 1, 6],
];

const has = (version: WireVersion, [, , first, last]: Row): boolean => first <= version && version <= last;

/** Key on the wire to name. */
export function messageKinds(version: WireVersion): ReadonlyMap<string, string> {
  const [request, reply] = multipartTypes(version);
  const kinds = MULTIPARTS.filter((row) => has(version, row));
  return new Map([
    ...TYPES.filter((row) => has(version, row)).map(([code, name]) => [`${code}`, name] as const),
    ...kinds.map(([code, name]) => [`${request}.${code}`, `multipart request ${name}`] as const),
    ...kinds.map(([code, name]) => [`${reply}.${code}`, `multipart reply ${name}`] as const),
  ]);
}

/** The key of a message in that list. */
export function kindKey(bytes: Uint8Array): string {
  const type = bytes[1] ?? 0;
  const isMultipart = multipartTypes(bytes[0] ?? 0).includes(type);
  return isMultipart ? `${type}.${((bytes[8] ?? 0) << 8) | (bytes[9] ?? 0)}` : `${type}`;
}

function multipartTypes(version: number): readonly [request: number, reply: number] {
  return version === 1 ? [16, 17] : [18, 19];
}
