/** Flags of flow entries (OFPFF_*). */
import type { BitNames } from './numbers.ts';

export const FLOW_FLAGS: BitNames = [
  [1, 'send_flow_rem'],
  [2, 'check_overlap'],
  [4, 'reset_counts'],
  [8, 'no_packet_counts'],
  [16, 'no_byte_counts'],
];
