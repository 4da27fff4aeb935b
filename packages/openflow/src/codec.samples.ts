/** Messages written by hand, each equal to the recorded fixture of its name. */
import * as of from './index.ts';

const { action, band, bucket, instruction, OFPFC, OFPFF, OFPGC, OFPGT, OFPMC, OFPMF, OFPP } = of;
const none = new Uint8Array(0);

export const samples: readonly (readonly [string, of.Message])[] = [
  ['barrier_request.any', of.barrierRequest()],
  ['barrier_reply.any', of.barrierReply()],
  ['features_request.show', of.featuresRequest()],
  [
    'features_reply.show',
    of.featuresReply({ datapathId: '00000000000000aa', nBuffers: 0, nTables: 254, capabilities: 0x4f }),
  ],
  ['get_config_request.show', of.getConfigRequest()],
  ['set_config.drop', of.setConfig({ flags: 1, missSendLen: 0 })],
  ['role_request.master', of.roleRequest({ role: of.OFPCR_ROLE.MASTER, generationId: 5n })],
  ['role_reply.master', of.roleReply({ role: of.OFPCR_ROLE.MASTER, generationId: 5n })],
  [
    'experimenter.unknown',
    of.experimenter({ experimenter: 0xabcdef, expType: 1, data: Uint8Array.of(1, 2, 3, 4) }),
  ],
  ['unknown.unknown', { type: 'unknown', code: 99, body: none }],
  [
    'meter_mod.kbps',
    of.meterMod({
      command: OFPMC.ADD,
      flags: OFPMF.KBPS | OFPMF.BURST | OFPMF.STATS,
      meterId: 7,
      bands: [band.drop({ rate: 100_000, burstSize: 10_000 })],
    }),
  ],
  [
    'meter_mod.remark',
    of.meterMod({
      command: OFPMC.ADD,
      flags: OFPMF.KBPS,
      meterId: 9,
      bands: [band.dscpRemark({ rate: 1000, precLevel: 1 })],
    }),
  ],
  ['meter_mod.delete', of.meterMod({ command: OFPMC.DELETE, meterId: 8 })],
  [
    'group_mod.indirect',
    of.groupMod({
      command: OFPGC.ADD,
      groupType: OFPGT.INDIRECT,
      groupId: 5,
      buckets: [bucket({ actions: [action.setQueue(1), action.output({ port: 2, maxLen: 0 })] })],
    }),
  ],
  [
    'flow_mod.reserved',
    of.flowMod({
      command: OFPFC.ADD,
      cookie: 0x51ce000100000007n,
      priority: 100,
      flags: OFPFF.SEND_FLOW_REM,
      match: {
        eth_type: 0x0800,
        ipv4_src: '10.0.0.1',
        ipv4_dst: { value: '10.0.0.0', mask: '255.255.255.0' },
        ip_proto: 6,
        tcp_dst: 4444,
      },
      instructions: [
        instruction.meter(7),
        instruction.applyActions([action.setField('ip_dscp', 43), action.setQueue(1)]),
        instruction.gotoTable(1),
      ],
    }),
  ],
  [
    'flow_mod.vlan',
    of.flowMod({
      command: OFPFC.ADD,
      priority: 7,
      idleTimeout: 60,
      hardTimeout: 600,
      flags: OFPFF.CHECK_OVERLAP,
      match: {
        eth_src: '02:00:00:00:00:01',
        eth_dst: { value: '01:00:00:00:00:00', mask: '01:00:00:00:00:00' },
        vlan_vid: 0x1064,
        vlan_pcp: 5,
      },
      instructions: [
        instruction.applyActions([
          action.popVlan(),
          action.pushVlan(),
          action.setField('vlan_vid', 4196),
          action.output({ port: 2, maxLen: 0 }),
          action.output({ port: OFPP.CONTROLLER }),
        ]),
      ],
    }),
  ],
  [
    'flow_mod.ipv6',
    of.flowMod({
      command: OFPFC.ADD,
      priority: 9,
      match: {
        eth_type: 0x86dd,
        ipv6_src: { value: '2001:db8::', mask: 'ffff:ffff::' },
        ipv6_dst: 'fe80::1',
        ipv6_flabel: 0x12345,
        ip_proto: 58,
        icmpv6_type: 135,
        icmpv6_code: 0,
        ipv6_nd_target: 'fe80::2',
        ipv6_nd_sll: '02:00:00:00:00:01',
      },
      instructions: [
        instruction.applyActions([action.decNwTtl(), action.output({ port: OFPP.ALL, maxLen: 0 })]),
      ],
    }),
  ],
  [
    'flow_stats_request.cookie',
    of.flowStatsRequest({ tableId: 0, cookie: 0x51ce000000000000n, cookieMask: 0xffff000000000000n }),
  ],
  ['port_stats_request.one', of.portStatsRequest({ portNo: 1 })],
  ['port_desc_request.show', of.portDescRequest()],
  ['queue_stats_request.all', of.queueStatsRequest()],
  ['meter_stats_request.all', of.meterStatsRequest()],
  ['meter_config_request.all', of.meterConfigRequest()],
  ['meter_features_request.all', of.meterFeaturesRequest()],
  ['group_desc_request.all', of.groupDescRequest()],
  ['table_stats_request.all', of.tableStatsRequest()],
  ['desc_request.all', of.descRequest()],
  ['queue_get_config_request.one', of.queueGetConfigRequest({ portNo: 1 })],
];
