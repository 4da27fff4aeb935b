/** Actions of Nicira that send packets on: to ports, controllers, tables, collectors, the connection tracker. */
import {
  bitRange,
  countOf,
  custom,
  list,
  numbers,
  oxmHeader,
  oxmId,
  pad,
  padEnd,
  type UnionMember,
  u8,
  u16,
  u32,
} from '../dsl.ts';
import { only } from '../versions.ts';
import { BAD_ARGUMENT, MUST_BE_ZERO, nicira } from './nicira-action.ts';

const inPort = u16('inPort', 'port number of 1.0; 0xfff8 for the port of arrival', 0xfff8);
const resubmit = [inPort, u8('tableId', '255 for the current table', 255), pad(3, BAD_ARGUMENT)];

const hashed = [
  u16('fields', 'NX_HASH_FIELDS_*: what is hashed', 0),
  u16('basis', 'parameter of the hash', 0),
];
const sampled = [
  u16('probability', 'packets of 65,535; not 0'),
  u32('collectorSetId', '', 0),
  u32('obsDomainId', '', 0),
  u32('obsPointId', '', 0),
];

export const niciraActions: readonly UnionMember[] = [
  nicira('nx_resubmit', 1, 'Look the packet up again, as if it had come by another port.', [
    u16('inPort', 'port number of 1.0'),
    pad(4),
  ]),
  nicira('nx_resubmit_table', 14, 'Look the packet up in a table, and come back.', resubmit),
  nicira(
    'nx_resubmit_table_ct',
    44,
    'Look the packet up in a table by the addresses of its tracked connection, and come back.',
    resubmit,
  ),
  nicira('nx_set_queue', 4, 'Choose the queue of later outputs.', [pad(2), u32('queueId')], only('1.0')),
  nicira('nx_pop_queue', 5, 'Go back to the queue before set_queue.', [pad(6)]),
  nicira('nx_group', 40, 'Go through a group.', [pad(2), u32('groupId')], only('1.0')),
  nicira('nx_multipath', 10, 'Hash fields, choose a link by it, and write its number into a field.', [
    ...hashed,
    pad(2),
    u16('algorithm', 'NX_MP_ALG_*: 0 modulo, 1 hash threshold, 2 highest random weight, 3 iterative hash', 0),
    u16('maxLink', 'links less one'),
    u32('arg', 'of the algorithm', 0),
    pad(2),
    bitRange('range', 'of dst'),
    oxmId('dst'),
  ]),
  nicira('nx_bundle', 12, 'Output to one of several ports.', [
    u16('algorithm', 'NX_BD_ALG_*: 0 the first that is up, 1 highest random weight', 0),
    ...hashed,
    oxmId('memberType', 'what members are', 'nxm_in_port'),
    countOf('members'),
    pad(10, BAD_ARGUMENT),
    numbers('members', 'u16', 'ports'),
    padEnd(),
  ]),
  nicira('nx_bundle_load', 13, 'Choose one of several ports and write its number into a field.', [
    u16('algorithm', 'NX_BD_ALG_*: 0 the first that is up, 1 highest random weight', 0),
    ...hashed,
    oxmId('memberType', 'what members are', 'nxm_in_port'),
    countOf('members'),
    bitRange('range', 'of dst'),
    oxmId('dst'),
    pad(4),
    numbers('members', 'u16', 'ports'),
    padEnd(),
  ]),
  nicira('nx_output_reg', 15, 'Output to the port whose number stands in a field.', [
    bitRange('range', 'of src'),
    oxmId('src'),
    u16('maxLen', 'bytes to the controller', 0xffff),
    pad(6, BAD_ARGUMENT),
  ]),
  nicira(
    'nx_output_reg2',
    32,
    'Output to the port whose number stands in a field, that may be of an experimenter.',
    [
      bitRange('range', 'of src'),
      u16('maxLen', 'bytes to the controller', 0xffff),
      oxmHeader('src'),
      padEnd(MUST_BE_ZERO),
    ],
  ),
  nicira('nx_output_trunc', 39, 'Output the first bytes of a packet.', [
    u16('port', 'port number of 1.0'),
    u32('maxLen', 'bytes, at least 14'),
  ]),
  nicira('nx_exit', 17, 'Do nothing that comes after.', [pad(6)]),
  nicira('nx_controller', 20, 'Send to one of the controllers.', [
    u16('maxLen', 'bytes', 0xffff),
    u16('controllerId', '', 0),
    u8('reason', 'OFPR_*', 1),
    pad(1),
  ]),
  nicira('nx_controller2', 37, 'Send to one of the controllers.', [
    pad(6, MUST_BE_ZERO),
    list('properties', 'nx_controller_property'),
  ]),
  nicira('nx_sample', 29, 'Send samples to collectors.', sampled),
  nicira('nx_sample2', 38, 'Send samples to collectors, with the tunnel of a port.', [
    ...sampled,
    u16('samplingPort', 'port number of 1.0, 0xffff for none', 0xffff),
    pad(6),
  ]),
  nicira('nx_sample3', 41, 'Send samples to collectors, before or after what the actions change.', [
    ...sampled,
    u16('samplingPort', 'port number of 1.0, 0xffff for none', 0xffff),
    u8('direction', '0 default, 1 ingress, 2 egress', 0),
    pad(5, MUST_BE_ZERO),
  ]),
  nicira('nx_ct', 35, 'Pass through the connection tracker.', [
    u16('flags', '1 commit, 2 force', 0),
    custom('zone', 'ct_zone', 'CtZone', '0', 6),
    u8('tableId', 'where the packet goes on, tracked; 255 for nowhere', 255),
    pad(3),
    u16('alg', 'port of the protocol whose helper is used: 21 FTP, 69 TFTP', 0),
    list('actions', 'action'),
  ]),
  nicira('nx_nat', 36, 'Translate addresses, inside nx_ct.', [
    pad(2),
    u16('flags', '1 source, 2 destination, 4 persistent, 8 ports by hash, 16 ports at random', 0),
    custom('range', 'nat_range', 'NatRange', '{}'),
  ]),
  nicira('nx_ct_clear', 43, 'Forget what the connection tracker said.', [pad(6)]),
  nicira('nx_clone', 42, 'Do actions whose changes do not stay.', [pad(6), list('actions', 'action')]),
];
