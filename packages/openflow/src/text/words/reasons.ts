/** Why something happened, by number. */

const PACKET_IN: readonly string[] = [
  'no_match',
  'action',
  'invalid_ttl',
  'action_set',
  'group',
  'packet_out',
  'explicit_miss',
  'implicit_miss',
];
const FLOW_REMOVED: readonly string[] = [
  'idle',
  'hard',
  'delete',
  'group_delete',
  'meter_delete',
  'eviction',
];

const reason = (names: readonly string[], value: number): string => names[value] ?? String(value);

export const packetInReason = (value: number): string => reason(PACKET_IN, value);
export const flowRemovedReason = (value: number): string => reason(FLOW_REMOVED, value);
