/** Constants of Nicira's messages, actions and fields (nicira-ext.h), the same in every version. */
import { only } from '../../versions.ts';
import { bits, type ConstantGroup, group, sequence } from './group.ts';

export const niciraGroups: readonly ConstantGroup[] = [
  ...group('NXFF', 'How flow entries of 1.0 are shown.', { OPENFLOW10: 0, NXM: 2 }, only('1.0')),
  ...group(
    'NXPIF',
    'In which message packets come.',
    sequence('STANDARD', 'NXT_PACKET_IN', 'NXT_PACKET_IN2'),
  ),
  ...group('NXTTMC', 'Commands of nx_tlv_table_mod.', sequence('ADD', 'DELETE', 'CLEAR')),
  ...group(
    'NX_HASH_FIELDS',
    'What multipath and bundle hash.',
    sequence(
      'ETH_SRC',
      'SYMMETRIC_L4',
      'SYMMETRIC_L3L4',
      'SYMMETRIC_L3L4_UDP',
      'NW_SRC',
      'NW_DST',
      'SYMMETRIC_L3',
    ),
  ),
  ...group('NX_MP_ALG', 'How multipath chooses.', sequence('MODULO_N', 'HASH_THRESHOLD', 'HRW', 'ITER_HASH')),
  ...group('NX_BD_ALG', 'How bundle chooses.', sequence('ACTIVE_BACKUP', 'HRW')),
  ...group('NX_LEARN_F', 'Flags of learn.', bits('SEND_FLOW_REM', 'DELETE_LEARNED', 'WRITE_RESULT')),
  ...group('NX_CT_F', 'Flags of ct.', bits('COMMIT', 'FORCE')),
  ...group('NX_NAT_F', 'Flags of nat.', bits('SRC', 'DST', 'PERSISTENT', 'PROTO_HASH', 'PROTO_RANDOM')),
  ...group(
    'NX_CT_STATE',
    'Bits of ct_state.',
    bits('NEW', 'EST', 'REL', 'RPL', 'INV', 'TRK', 'SNAT', 'DNAT'),
  ),
  ...group('NX_IP_FRAG', 'Bits of ip_frag.', bits('ANY', 'LATER')),
  ...group('NX_TUN_FLAG', 'Bits of tun_flags.', bits('OAM')),
];
