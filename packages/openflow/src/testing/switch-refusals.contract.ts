/** More of what a switch refuses: actions against their match, groups, meters, packets, flags. */
import {
  action,
  band,
  bucket,
  groupMod,
  instruction,
  type Message,
  meterMod,
  OFPFF,
  OFPGC,
  OFPGT,
  OFPMC,
  OFPMF,
  OFPP,
  packetOut,
  portMod,
  tableMod,
} from '../index.ts';
import { add, group, ip, meter, out } from './contract-messages.ts';

type Case = readonly [string, readonly Message[], readonly string[]];
const applied = (...actions: Parameters<typeof instruction.applyActions>[0] & object) =>
  instruction.applyActions([...actions]);
const ofGroup = (groupId: number, groupType: number, ...buckets: Parameters<typeof bucket>[0][]): Message =>
  groupMod({ command: OFPGC.ADD, groupId, groupType, buckets: buckets.map((one) => bucket(one)) });

const actions: readonly Case[] = [
  ['decrements the TTL of IP only', [add({}, [applied(action.decNwTtl())])], ['0 OFPBAC_MATCH_INCONSISTENT']],
  ['decrements the TTL of IP', [add(ip, [applied(action.decNwTtl(), action.output({ port: 1 }))])], []],
  ['pops a tag only where one is', [add({}, [applied(action.popVlan())])], ['0 OFPBAC_MATCH_INCONSISTENT']],
  ['pops a tag where one is', [add({ vlan_vid: 0x1005 }, [applied(action.popVlan())])], []],
  ['pushes tags of two kinds', [add({}, [applied(action.pushVlan(0x1234))])], ['0 OFPBAC_BAD_ARGUMENT']],
  [
    'pushes a tag and sets its number',
    [add({}, [applied(action.pushVlan(0x8100), action.setField('vlan_vid', 0x1005))])],
    [],
  ],
  [
    'sets the number of a tag only where one is',
    [add({}, [applied(action.setField('vlan_vid', 0x1005))])],
    ['0 OFPBAC_MATCH_INCONSISTENT'],
  ],
  [
    'sets no type of a frame',
    [add({}, [applied(action.setField('eth_type', 1))])],
    ['0 OFPBAC_BAD_SET_ARGUMENT'],
  ],
  ['takes an output to the tables', [add({}, [out(OFPP.TABLE)])], []],
  ['outputs to the reserved ports', [add({}, [out(OFPP.LOCAL), instruction.gotoTable(1)])], []],
  ['has one instruction of a kind', [add({}, [out(1), out(2)])], ['0 OFPBIC_DUP_INST']],
  ['takes a way to any later table', [add({}, [instruction.gotoTable(255)])], []],
  ['sends through a queue of any number', [add({}, [applied(action.setQueue(0xfffffffe))])], []],
];

const flows: readonly Case[] = [
  ['knows five flags', [add({}, [], { flags: 0x8000 })], ['0 OFPFMFC_BAD_FLAGS']],
  ['has no buffers for entries', [add({}, [out(1)], { bufferId: 77 })], ['0 OFPBRC_BUFFER_UNKNOWN']],
  [
    'sees overlap of masks',
    [
      add({ ...ip, ipv4_dst: { value: '10.0.0.0', mask: '255.0.0.0' } }, [], { priority: 5 }),
      add({ ...ip, ipv4_src: '10.0.0.1' }, [], { priority: 5, flags: OFPFF.CHECK_OVERLAP }),
    ],
    ['1 OFPFMFC_OVERLAP'],
  ],
  [
    'sees no overlap of different priorities and tables',
    [
      add({ in_port: 1 }, [], { priority: 5 }),
      add(ip, [], { priority: 6, flags: OFPFF.CHECK_OVERLAP }),
      add(ip, [], { priority: 5, tableId: 1, flags: OFPFF.CHECK_OVERLAP }),
    ],
    [],
  ],
  ['asks for the prerequisites of ARP', [add({ arp_op: 1 })], ['0 OFPBMC_BAD_PREREQ']],
  ['asks for the prerequisites of IPv6', [add({ ...ip, ipv6_src: '::1' })], ['0 OFPBMC_BAD_PREREQ']],
  ['asks for a tag before its priority', [add({ vlan_pcp: 1 })], ['0 OFPBMC_BAD_PREREQ']],
];

const metersAndGroups: readonly Case[] = [
  ['has no rate of zero', [meter(OFPMC.ADD, 6, OFPMF.KBPS, 0)], ['0 OFPMMFC_BAD_RATE']],
  [
    'takes no meter without bands',
    [meterMod({ command: OFPMC.ADD, flags: 1, meterId: 6, bands: [] })],
    ['0 OFPMMFC_OUT_OF_BANDS'],
  ],
  [
    'takes eight bands',
    [meterMod({ command: OFPMC.ADD, flags: 1, meterId: 6, bands: Array(8).fill(band.drop({ rate: 1 })) })],
    [],
  ],
  [
    'takes no nine bands',
    [meterMod({ command: OFPMC.ADD, flags: 1, meterId: 6, bands: Array(9).fill(band.drop({ rate: 1 })) })],
    ['0 OFPMMFC_OUT_OF_BANDS'],
  ],
  ['takes a meter without a unit', [meter(OFPMC.ADD, 6, 0)], ['0 OFPMMFC_BAD_FLAGS']],
  [
    'weighs the buckets of select groups only',
    [ofGroup(6, OFPGT.ALL, { weight: 2 })],
    ['0 OFPGMFC_INVALID_GROUP'],
  ],
  ['takes a select group without weights', [ofGroup(6, OFPGT.SELECT, {}, {})], []],
  ['takes an indirect group of nothing', [ofGroup(6, OFPGT.INDIRECT)], ['0 OFPGMFC_INVALID_GROUP']],
  ['takes a failover group that watches nothing', [ofGroup(6, OFPGT.FF, {})], ['0 OFPGMFC_INVALID_GROUP']],
  ['takes a failover group', [ofGroup(6, OFPGT.FF, { watchPort: 1 }, { watchPort: 2 })], []],
  ['takes a group that names a missing group', [ofGroup(6, 0, { actions: [action.group(66)] })], []],
  [
    'takes groups in a ring',
    [
      ofGroup(6, 0, {}),
      ofGroup(7, 0, { actions: [action.group(6)] }),
      groupMod({
        command: OFPGC.MODIFY,
        groupId: 6,
        groupType: 0,
        buckets: [bucket({ actions: [action.group(7)] })],
      }),
    ],
    [],
  ],
  [
    'sends a bucket to no port ANY',
    [ofGroup(6, 0, { actions: [action.output({ port: OFPP.ANY })] })],
    ['0 OFPBAC_BAD_OUT_PORT'],
  ],
  [
    'changes the type of a group',
    [group(OFPGC.ADD, 6, OFPGT.ALL, 2), group(OFPGC.MODIFY, 6, OFPGT.SELECT, 1)],
    [],
  ],
];

const others: readonly Case[] = [
  [
    'changes no port that is not there',
    [portMod({ portNo: 99, hwAddr: '00:00:00:00:00:01' })],
    ['0 OFPPMFC_BAD_PORT'],
  ],
  [
    'changes a port only under its address',
    [portMod({ portNo: 1, hwAddr: '00:00:00:00:00:01' })],
    ['0 OFPPMFC_BAD_HW_ADDR'],
  ],
  ['configures a table', [tableMod({ tableId: 0, config: 3 })], []],
  ['configures no table that is not there', [tableMod({ tableId: 254 })], ['0 OFPTMFC_EPERM']],
  ['has no buffers', [packetOut({ bufferId: 77, actions: [] })], ['0 OFPBRC_BUFFER_UNKNOWN']],
  ['takes a packet from the controller', [packetOut({ actions: [], data: new Uint8Array(60) })], []],
  [
    'takes a packet from a port that is not there',
    [packetOut({ inPort: 77, actions: [], data: new Uint8Array(60) })],
    [],
  ],
  [
    'takes no packet from port ALL',
    [packetOut({ inPort: OFPP.ALL, actions: [], data: new Uint8Array(60) })],
    ['0 OFPBRC_BAD_PORT'],
  ],
  [
    'sends no packet through a missing group',
    [packetOut({ actions: [action.group(50)], data: new Uint8Array(60) })],
    ['0 OFPBAC_BAD_OUT_GROUP'],
  ],
];

export const moreRefusals: readonly Case[] = [...actions, ...flows, ...metersAndGroups, ...others];
