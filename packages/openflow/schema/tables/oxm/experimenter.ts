/**
 * Class OFPXMC_EXPERIMENTER (0xffff): fields of the ONF (those that 1.5 took up, for older versions), of Nicira, and of
 * the network service header; and class 0x1000, which Ericsson took. ovs-fields(7)
 */
import { NICIRA, ONF } from '../../dsl.ts';
import { CLASS, fieldsOf, NEEDS, type OxmRow } from './row.ts';

const NSH = 0x005ad650;

const onf = fieldsOf(CLASS.experimenter, ONF);
const nicira = fieldsOf(CLASS.experimenter, NICIRA);
const nsh = fieldsOf(CLASS.experimenter, NSH);
const ericsson = fieldsOf(CLASS.ericsson);

export const experimenterRows: readonly OxmRow[] = [
  onf(['onf_tcp_flags', 42, 12], true, 'TCP flags.', NEEDS.tcp),
  onf(['onf_actset_output', 43, 32], false, 'Port that the action set outputs to.'),
  nicira(['nx_dp_hash', 0, 32], true, 'Hash that the datapath computed; inside Open vSwitch only.'),
  nicira(['tun_erspan_idx', 11, 20], true, 'Index of ERSPAN version 1.', undefined, 4),
  nicira(['tun_erspan_ver', 12, 4], true, 'Version of ERSPAN.'),
  nicira(['tun_erspan_dir', 13, 1], true, 'Direction of ERSPAN version 2.'),
  nicira(['tun_erspan_hwid', 14, 6], true, 'Hardware id of ERSPAN version 2.'),
  nicira(['tun_gtpu_flags', 15, 8], true, 'Flags of GTP-U.'),
  nicira(['tun_gtpu_msgtype', 16, 8], true, 'Message type of GTP-U.'),
  nsh(['nsh_flags', 1, 8], true, 'Flags.', NEEDS.nsh),
  nsh(['nsh_mdtype', 2, 8], false, 'Type of metadata.', NEEDS.nsh),
  nsh(['nsh_np', 3, 8], false, 'Next protocol.', NEEDS.nsh),
  nsh(['nsh_spi', 4, 24], false, 'Service path id.', NEEDS.nsh, 4),
  nsh(['nsh_si', 5, 8], false, 'Service index.', NEEDS.nsh),
  nsh(['nsh_c1', 6, 32], true, 'Context header 1.', NEEDS.nsh),
  nsh(['nsh_c2', 7, 32], true, 'Context header 2.', NEEDS.nsh),
  nsh(['nsh_c3', 8, 32], true, 'Context header 3.', NEEDS.nsh),
  nsh(['nsh_c4', 9, 32], true, 'Context header 4.', NEEDS.nsh),
  nsh(['nsh_ttl', 10, 8], false, 'Time to live.', NEEDS.nsh),
  ericsson(['nd_reserved', 1, 32], false, 'Reserved bits of neighbour discovery.', NEEDS.nd),
  ericsson(['nd_options_type', 2, 8], false, 'Type of the option of neighbour discovery.', NEEDS.nd),
];
