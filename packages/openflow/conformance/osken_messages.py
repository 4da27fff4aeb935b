"""What os-ken is asked to build: above all what ovs-ofctl never sends."""

MAC = '02:00:00:00:00:01'
# NX_HASH_FIELDS_*, NX_MP_ALG_HRW, NX_BD_ALG_HRW
ETH_SRC, SYMMETRIC_L4 = 0, 1
HRW_PATH, HRW_MEMBER = 2, 1


def messages(dp):
    """Pairs of a text and a function that makes the message."""
    o, p, version = dp.ofproto, dp.ofproto_parser, dp.ofproto.OFP_VERSION
    yield from common(dp, o, p)
    if version == 1:
        yield from only_10(dp, o, p)
        return
    yield from matches(dp, o, p)
    yield from actions(dp, o, p)
    yield from requests(dp, o, p)
    yield from groups(dp, o, p)
    if version >= 4:
        yield from since_13(dp, o, p)
    if version >= 5:
        yield from since_14(dp, o, p)
    if version >= 6:
        yield from since_15(dp, o, p)


def common(dp, o, p):
    yield 'hello', lambda: p.OFPHello(dp)
    yield 'echo_request', lambda: p.OFPEchoRequest(dp, b'abc')
    yield 'echo_reply', lambda: echo_reply(dp, p)
    yield 'error', lambda: error(dp, p)
    yield 'features_request', lambda: p.OFPFeaturesRequest(dp)
    yield 'get_config_request', lambda: p.OFPGetConfigRequest(dp)
    yield 'set_config', lambda: p.OFPSetConfig(dp, o.OFPC_FRAG_DROP, 128)
    yield 'barrier_request', lambda: p.OFPBarrierRequest(dp)
    yield 'desc request', lambda: p.OFPDescStatsRequest(dp, 0)
    yield 'table request', lambda: p.OFPTableStatsRequest(dp, 0)


def echo_reply(dp, p):
    message = p.OFPEchoReply(dp)
    message.data = b'\x01\x02\x03'
    return message


def error(dp, p):
    return p.OFPErrorMsg(dp, type_=1, code=6, data=b'\x00' * 12)


def only_10(dp, o, p):
    match = p.OFPMatch(in_port=1, dl_src=b'\x02\0\0\0\0\1', dl_type=0x800, nw_proto=6, nw_src='10.0.0.1', nw_src_mask=24, tp_dst=80)
    acts = [
        p.OFPActionOutput(1, 128),
        p.OFPActionVlanVid(5),
        p.OFPActionVlanPcp(3),
        p.OFPActionStripVlan(),
        p.OFPActionSetDlSrc(b'\x02\0\0\0\0\1'),
        p.OFPActionSetDlDst(b'\x02\0\0\0\0\2'),
        p.OFPActionSetNwSrc('10.0.0.1'),
        p.OFPActionSetNwDst('10.0.0.2'),
        p.OFPActionSetNwTos(252),
        p.OFPActionSetTpSrc(80),
        p.OFPActionSetTpDst(81),
        p.OFPActionEnqueue(3, 7),
    ]
    for command in range(5):
        yield 'flow_mod command %d' % command, lambda command=command: p.OFPFlowMod(
            dp, match, 7, command, 1, 2, 3, 0xFFFFFFFF, o.OFPP_NONE, 3, acts)
    yield 'flow request', lambda: p.OFPFlowStatsRequest(dp, 0, match, 0xFF, o.OFPP_NONE)
    yield 'aggregate request', lambda: p.OFPAggregateStatsRequest(dp, 0, match, 3, 4)
    yield 'port request', lambda: p.OFPPortStatsRequest(dp, 0, o.OFPP_NONE)
    yield 'queue request', lambda: p.OFPQueueStatsRequest(dp, 0, o.OFPP_ALL, 0xFFFFFFFF)
    yield 'queue_get_config_request', lambda: p.OFPQueueGetConfigRequest(dp, 3)
    yield 'port_mod', lambda: p.OFPPortMod(dp, 3, MAC, 0x7F, 0x7F, 0xFFF)
    yield 'packet_out', lambda: p.OFPPacketOut(dp, 0xFFFFFFFF, 1, acts, b'\xff' * 20)
    yield 'vendor statistics', lambda: p.OFPVendorStatsRequest(dp, 0, 0x00ABCDEF, b'\1\2\3\4')


MATCHES = [
    dict(in_port=1, in_phy_port=2, metadata=3),
    dict(metadata=(0x10, 0xFF)),
    dict(eth_dst=MAC, eth_src=(MAC, 'ff:ff:ff:00:00:00'), eth_type=0x88CC),
    dict(vlan_vid=0x1005, vlan_pcp=3),
    dict(vlan_vid=(0x1000, 0x1000)),
    dict(eth_type=0x800, ip_dscp=46, ip_ecn=1, ip_proto=6, ipv4_src='10.0.0.1', ipv4_dst=('10.0.0.0', '255.0.0.0'), tcp_src=1, tcp_dst=2),
    dict(eth_type=0x800, ip_proto=17, udp_src=1, udp_dst=2),
    dict(eth_type=0x800, ip_proto=132, sctp_src=1, sctp_dst=2),
    dict(eth_type=0x800, ip_proto=1, icmpv4_type=8, icmpv4_code=0),
    dict(eth_type=0x806, arp_op=1, arp_spa='10.0.0.1', arp_tpa='10.0.0.2', arp_sha=MAC, arp_tha=MAC),
    dict(eth_type=0x86DD, ipv6_src='2001:db8::1', ipv6_dst=('2001:db8::', 'ffff:ffff::'), ipv6_flabel=(0x12345, 0xFFFFF)),
    dict(eth_type=0x86DD, ip_proto=58, icmpv6_type=135, icmpv6_code=0, ipv6_nd_target='fe80::1', ipv6_nd_sll=MAC),
    dict(eth_type=0x86DD, ip_proto=58, icmpv6_type=136, ipv6_nd_target='fe80::1', ipv6_nd_tll=MAC),
    dict(eth_type=0x8847, mpls_label=100, mpls_tc=3, mpls_bos=1),
    dict(eth_type=0x88E7, pbb_isid=(0x123456, 0xFFFFFF)),
    dict(tunnel_id=(5, 0xFF), eth_type=0x86DD, ipv6_exthdr=(0x11, 0x1FF)),
    dict(eth_type=0x88E7, pbb_uca=1),
    dict(eth_type=0x800, ip_proto=6, tcp_flags=(2, 0xFFF), actset_output=3),
    dict(packet_type=(1, 0x800)),
    dict(eth_type=0x800, ip_proto=6, reg0=1, tun_ipv4_src='1.2.3.4', conj_id=7, ct_mark=(3, 7), tcp_flags_nxm=2),
    dict(xxreg0=1 << 100, pkt_mark=4, tun_id_nxm=7),
]


def matches(dp, o, p):
    for fields in MATCHES:
        yield 'flow_mod matching %s' % ','.join(sorted(fields)), lambda fields=fields: p.OFPFlowMod(
            dp, match=p.OFPMatch(**fields), table_id=1, priority=5, instructions=[])


def flow(dp, p, acts):
    inst = [p.OFPInstructionActions(dp.ofproto.OFPIT_APPLY_ACTIONS, acts)]
    return p.OFPFlowMod(dp, match=p.OFPMatch(eth_type=0x800), priority=5, instructions=inst)


def actions(dp, o, p):
    each = [
        ('output', lambda: p.OFPActionOutput(1, 128)),
        ('group', lambda: p.OFPActionGroup(5)),
        ('set_queue', lambda: p.OFPActionSetQueue(5)),
        ('set_mpls_ttl', lambda: p.OFPActionSetMplsTtl(5)),
        ('dec_mpls_ttl', lambda: p.OFPActionDecMplsTtl()),
        ('set_nw_ttl', lambda: p.OFPActionSetNwTtl(5)),
        ('dec_nw_ttl', lambda: p.OFPActionDecNwTtl()),
        ('copy_ttl_out', lambda: p.OFPActionCopyTtlOut()),
        ('copy_ttl_in', lambda: p.OFPActionCopyTtlIn()),
        ('push_vlan', lambda: p.OFPActionPushVlan(0x88A8)),
        ('pop_vlan', lambda: p.OFPActionPopVlan()),
        ('push_mpls', lambda: p.OFPActionPushMpls(0x8848)),
        ('pop_mpls', lambda: p.OFPActionPopMpls(0x86DD)),
        ('push_pbb', lambda: p.OFPActionPushPbb(0x88E7)),
        ('pop_pbb', lambda: p.OFPActionPopPbb()),
        ('set_field', lambda: p.OFPActionSetField(ipv4_dst='10.0.0.9')),
        ('set_field masked', lambda: p.OFPActionSetField(ipv4_dst=('10.0.0.0', '255.0.0.0'))),
        ('copy_field', lambda: p.OFPActionCopyField(16, 3, 4, [p.OFPOxmId('ipv4_src'), p.OFPOxmId('ipv4_dst')])),
        ('meter action', lambda: p.OFPActionMeter(7)),
        ('experimenter', lambda: p.OFPActionExperimenterUnknown(0x00ABCDEF, b'\1\2\3\4')),
        ('resubmit', lambda: p.NXActionResubmitTable(in_port=3, table_id=4)),
        ('reg_load', lambda: p.NXActionRegLoad(0x1F, 'eth_dst', 5)),
        ('reg_load2', lambda: p.NXActionRegLoad2('eth_dst', MAC)),
        ('reg_move', lambda: p.NXActionRegMove('ipv4_src', 'ipv4_dst', 32)),
        ('note', lambda: p.NXActionNote(note=[1, 2, 3, 4, 5, 6, 7])),
        ('set_tunnel', lambda: p.NXActionSetTunnel(5)),
        ('set_tunnel64', lambda: p.NXActionSetTunnel64(5 << 40)),
        ('set_queue nx', lambda: p.NXActionSetQueue(5)),
        ('pop_queue', lambda: p.NXActionPopQueue()),
        ('multipath', lambda: p.NXActionMultipath(SYMMETRIC_L4, 1024, HRW_PATH, 5, 0, 0, 5, 'reg0')),
        ('bundle', lambda: p.NXActionBundle(HRW_MEMBER, ETH_SRC, 0, 0x10004, 0, 0, 0, [1, 2, 3])),
        ('bundle_load', lambda: p.NXActionBundleLoad(HRW_MEMBER, ETH_SRC, 0, 0x10004, 0, 31, 'reg0', [1, 2])),
        ('output_reg', lambda: p.NXActionOutputReg(31, 'reg0', 1024)),
        ('output_reg2', lambda: p.NXActionOutputReg2(31, 'reg0', 1024)),
        ('exit', lambda: p.NXActionExit()),
        ('controller', lambda: p.NXActionController(1024, 7, 0)),
        ('controller2', lambda: p.NXActionController2(max_len=1024, controller_id=7, reason=0, userdata=b'\1\2\3', pause=True)),
        ('dec_ttl_cnt_ids', lambda: p.NXActionDecTtlCntIds([1, 2, 3])),
        ('stack_push', lambda: p.NXActionStackPush('reg2', 0, 16)),
        ('stack_pop', lambda: p.NXActionStackPop('reg2', 0, 16)),
        ('sample', lambda: p.NXActionSample(3, 1, 2, 4)),
        ('sample2', lambda: p.NXActionSample2(3, 1, 2, 4, 5)),
        ('fin_timeout', lambda: p.NXActionFinTimeout(3, 5)),
        ('conjunction', lambda: p.NXActionConjunction(0, 2, 7)),
        ('ct', lambda: p.NXActionCT(1, '', 5, 255, 0, [])),
        ('ct nat', lambda: p.NXActionCT(1, '', 5, 4, 0, [p.NXActionNAT(1, range_ipv4_min='10.1.12.0', range_ipv4_max='10.1.13.255', range_proto_min=1, range_proto_max=1023)])),
        ('ct nat6', lambda: p.NXActionNAT(1, range_ipv6_min='2001:db8::1', range_ipv6_max='2001:db8::9')),
        ('ct_clear', lambda: p.NXActionCTClear()),
        ('output_trunc', lambda: p.NXActionOutputTrunc(1, 128)),
        ('learn', lambda: p.NXActionLearn(
            table_id=10, hard_timeout=10, priority=3, cookie=4,
            specs=[
                p.NXFlowSpecMatch(src=0x0800, dst=('eth_type', 0), n_bits=16),
                p.NXFlowSpecMatch(src=('eth_src', 0), dst=('eth_dst', 0), n_bits=48),
                p.NXFlowSpecLoad(src=5, dst=('reg0', 0), n_bits=16),
                p.NXFlowSpecOutput(src=('in_port', 0), dst='', n_bits=32),
            ])),
        ('encap_ethernet', lambda: p.NXActionEncapEther()),
        ('dec_nsh_ttl', lambda: p.NXActionDecNshTtl()),
    ]
    for name, make in each:
        yield 'flow_mod with %s' % name, lambda make=make: flow(dp, p, [make()])


def requests(dp, o, p):
    match = p.OFPMatch(in_port=1, eth_type=0x800)
    inst = [
        p.OFPInstructionGotoTable(3),
        p.OFPInstructionWriteMetadata(0x1234, 0xFFFF),
        p.OFPInstructionActions(o.OFPIT_CLEAR_ACTIONS, []),
        p.OFPInstructionActions(o.OFPIT_WRITE_ACTIONS, [p.OFPActionOutput(1, 0)]),
    ]
    for command in range(5):
        yield 'flow_mod command %d' % command, lambda command=command: p.OFPFlowMod(
            dp, 1, 2, 3, command, 4, 5, 6, 0xFFFFFFFF, 7, 8, 0x1F, match=match, instructions=inst)
    yield 'flow request', lambda: getattr(p, 'OFPFlowDescStatsRequest', p.OFPFlowStatsRequest)(dp, 0, 3, 4, 5, 6, 7, match)
    yield 'aggregate request', lambda: p.OFPAggregateStatsRequest(dp, 0, 3, 4, 5, 6, 7, match)
    if o.OFP_VERSION == 3:
        yield 'port request', lambda: p.OFPPortStatsRequest(dp, o.OFPP_ANY, 0)
        yield 'queue request', lambda: p.OFPQueueStatsRequest(dp, o.OFPP_ANY, 7, 0)
        yield 'group request', lambda: p.OFPGroupStatsRequest(dp, 7, 0)
    else:
        yield 'port request', lambda: p.OFPPortStatsRequest(dp, 0, o.OFPP_ANY)
        yield 'queue request', lambda: p.OFPQueueStatsRequest(dp, 0, o.OFPP_ANY, 7)
        yield 'group request', lambda: p.OFPGroupStatsRequest(dp, 0, 7)
    yield 'group_desc request', lambda: p.OFPGroupDescStatsRequest(dp, 0)
    yield 'group_features request', lambda: p.OFPGroupFeaturesStatsRequest(dp, 0)
    yield 'queue_get_config_request', lambda: p.OFPQueueGetConfigRequest(dp, 3)
    if o.OFP_VERSION < 6:
        yield 'role_request', lambda: p.OFPRoleRequest(dp, o.OFPCR_ROLE_MASTER, 7)
    yield 'table_mod', lambda: p.OFPTableMod(dp, 3, 3)
    yield 'port_mod', lambda: p.OFPPortMod(dp, 3, MAC, 0x7F, 0x7F, 0xFFF)
    yield 'packet_out', lambda: p.OFPPacketOut(dp, 0xFFFFFFFF, 1, [p.OFPActionOutput(1, 0)], b'\xff' * 20)
    yield 'packet_out from a buffer', lambda: p.OFPPacketOut(dp, 9, 1, [p.OFPActionOutput(1, 0)], None)
    yield 'packet_out with a match', lambda: p.OFPPacketOut(dp, 0xFFFFFFFF, p.OFPMatch(in_port=3, metadata=7), [p.OFPActionOutput(1, 0)], b'\xff' * 20)
    yield 'experimenter', lambda: p.OFPExperimenter(dp, 0x00ABCDEF, 3, b'\1\2\3\4')
    yield 'experimenter request', lambda: p.OFPExperimenterStatsRequest(dp, 0, 0x00ABCDEF, 3, b'\1\2\3\4')


def groups(dp, o, p):
    acts = [p.OFPActionOutput(1, 0), p.OFPActionSetQueue(7)]

    def bucket(number):
        if o.OFP_VERSION < 6:
            return p.OFPBucket(3, 4, 5, acts)
        properties = [
            p.OFPGroupBucketPropWeight(type_=o.OFPGBPT_WEIGHT, weight=3),
            p.OFPGroupBucketPropWatch(type_=o.OFPGBPT_WATCH_PORT, watch=4),
            p.OFPGroupBucketPropWatch(type_=o.OFPGBPT_WATCH_GROUP, watch=5),
        ]
        return p.OFPBucket(bucket_id=number, actions=acts, properties=properties)

    for kind in range(4):
        if o.OFP_VERSION < 6:
            yield 'group_mod type %d' % kind, lambda kind=kind: p.OFPGroupMod(dp, o.OFPGC_ADD, kind, 9, [bucket(0), bucket(1)])
        else:
            yield 'group_mod type %d' % kind, lambda kind=kind: p.OFPGroupMod(
                dp, o.OFPGC_ADD, kind, 9, o.OFPG_BUCKET_ALL, [bucket(0), bucket(1)])
    yield 'group_mod delete', lambda: p.OFPGroupMod(dp, o.OFPGC_DELETE, 0, o.OFPG_ALL)


def table_features(o, p):
    oxm = [p.OFPOxmId(type_='in_port'), p.OFPOxmId(type_='ipv4_src', hasmask=True)]
    acts = [p.OFPActionId(o.OFPAT_OUTPUT), p.OFPActionId(o.OFPAT_SET_FIELD)]
    inst = [p.OFPInstructionId(o.OFPIT_GOTO_TABLE), p.OFPInstructionId(o.OFPIT_APPLY_ACTIONS)]
    properties = [
        p.OFPTableFeaturePropInstructions(o.OFPTFPT_INSTRUCTIONS, instruction_ids=inst),
        p.OFPTableFeaturePropInstructions(o.OFPTFPT_INSTRUCTIONS_MISS, instruction_ids=inst),
        p.OFPTableFeaturePropNextTables(o.OFPTFPT_NEXT_TABLES, table_ids=[1, 2, 3, 4, 5]),
        p.OFPTableFeaturePropNextTables(o.OFPTFPT_NEXT_TABLES_MISS, table_ids=[]),
        p.OFPTableFeaturePropActions(o.OFPTFPT_WRITE_ACTIONS, action_ids=acts),
        p.OFPTableFeaturePropActions(o.OFPTFPT_APPLY_ACTIONS_MISS, action_ids=acts),
        p.OFPTableFeaturePropOxm(o.OFPTFPT_MATCH, oxm_ids=oxm),
        p.OFPTableFeaturePropOxm(o.OFPTFPT_WILDCARDS, oxm_ids=oxm),
        p.OFPTableFeaturePropOxm(o.OFPTFPT_APPLY_SETFIELD_MISS, oxm_ids=[]),
        p.OFPTableFeaturePropExperimenter(o.OFPTFPT_EXPERIMENTER, experimenter=0x00ABCDEF, exp_type=3, data=b'\1\2\3\4'),
    ]
    if o.OFP_VERSION == 6:
        return p.OFPTableFeaturesStats(table_id=3, command=0, features=1, name=b'third', metadata_match=1, metadata_write=2, capabilities=4, max_entries=5, properties=properties)
    if o.OFP_VERSION == 5:
        return p.OFPTableFeaturesStats(table_id=3, name=b'third', metadata_match=1, metadata_write=2, config=4, max_entries=5, properties=properties)
    return p.OFPTableFeaturesStats(table_id=3, name=b'third', metadata_match=1, metadata_write=2, config=3, max_entries=5, properties=properties)


def since_13(dp, o, p):
    bands = [
        p.OFPMeterBandDrop(100, 10),
        p.OFPMeterBandDscpRemark(200, 20, 3),
        p.OFPMeterBandExperimenter(300, 30, 0x00ABCDEF),
    ]
    for command in range(3):
        yield 'meter_mod command %d' % command, lambda command=command: p.OFPMeterMod(dp, command, 0xF, 7, bands)
    yield 'meter request', lambda: p.OFPMeterStatsRequest(dp, 0, 7)
    yield 'meter_config request', lambda: getattr(p, 'OFPMeterDescStatsRequest', p.OFPMeterConfigStatsRequest)(dp, 0, 7)
    yield 'meter_config request', lambda: p.OFPMeterDescStatsRequest(dp, 0, 7)
    yield 'meter_features request', lambda: p.OFPMeterFeaturesStatsRequest(dp, 0)
    yield 'instruction meter', lambda: p.OFPFlowMod(dp, instructions=[p.OFPInstructionMeter(7)])
    yield 'port_desc request', lambda: p.OFPPortDescStatsRequest(dp, 0)
    yield 'get_async_request', lambda: p.OFPGetAsyncRequest(dp)
    yield 'set_async of three kinds', lambda: p.OFPSetAsync(dp, [7, 1], [7, 2], [15, 3])
    yield 'table_features request, empty', lambda: p.OFPTableFeaturesStatsRequest(dp, 0)
    yield 'table_features request', lambda: p.OFPTableFeaturesStatsRequest(dp, 0, [table_features(o, p)])
    yield 'hello with versions', lambda: p.OFPHello(dp, [p.OFPHelloElemVersionBitmap([1, 4, 6])])
    yield 'ONF flow monitor', lambda: p.ONFFlowMonitorStatsRequest(
        dp, 0, [p.ONFFlowMonitorRequest(5, 0x7F, p.OFPMatch(in_port=1), 3, 4)])


def since_14(dp, o, p):
    yield 'set_async', lambda: p.OFPSetAsync(dp, [
        p.OFPAsyncConfigPropReasons(o.OFPACPT_PACKET_IN_SLAVE, 8, 7),
        p.OFPAsyncConfigPropReasons(o.OFPACPT_PORT_STATUS_MASTER, 8, 7),
        p.OFPAsyncConfigPropReasons(o.OFPACPT_ROLE_STATUS_MASTER, 8, 3),
        p.OFPAsyncConfigPropReasons(o.OFPACPT_TABLE_STATUS_MASTER, 8, 24),
        p.OFPAsyncConfigPropReasons(o.OFPACPT_REQUESTFORWARD_SLAVE, 8, 3),
    ])
    yield 'table_mod with properties', lambda: p.OFPTableMod(dp, 3, o.OFPTC_EVICTION, [
        p.OFPTableModPropEviction(o.OFPTMPT_EVICTION, 8, 7),
        p.OFPTableModPropVacancy(o.OFPTMPT_VACANCY, 8, 10, 20, 15),
        p.OFPTableModPropExperimenter(o.OFPTMPT_EXPERIMENTER, experimenter=0x00ABCDEF, exp_type=3, data=b'\1\2\3\4'),
    ])
    yield 'port_mod with properties', lambda: p.OFPPortMod(dp, 3, MAC, 1, 1, [
        p.OFPPortModPropEthernet(advertise=0xFFF),
        p.OFPPortModPropOptical(configure=3, freq_lmda=4, fl_offset=5, grid_span=6, tx_pwr=7),
        p.OFPPortModPropExperimenter(o.OFPPMPT_EXPERIMENTER, experimenter=0x00ABCDEF, exp_type=3, data=b'\1\2\3\4'),
    ])
    yield 'table_desc request', lambda: p.OFPTableDescStatsRequest(dp, 0)
    yield 'queue_desc request', lambda: p.OFPQueueDescStatsRequest(dp, 0, 3, 4)
    yield 'flow_monitor request', lambda: p.OFPFlowMonitorRequest(
        dp, 0, 7, 3, 4, 0x7F, 5, o.OFPFMC_ADD, p.OFPMatch(in_port=1, eth_type=0x800))
    yield 'bundle_control', lambda: p.OFPBundleCtrlMsg(dp, 7, o.OFPBCT_OPEN_REQUEST, o.OFPBF_ATOMIC, [])
    yield 'bundle_control with a property', lambda: p.OFPBundleCtrlMsg(dp, 7, o.OFPBCT_OPEN_REQUEST, o.OFPBF_ATOMIC, [
        p.OFPBundlePropExperimenter(o.OFPBPT_EXPERIMENTER, experimenter=0x00ABCDEF, exp_type=3, data=b'\1\2\3\4')])

    def bundled():
        inner = p.OFPFlowMod(dp, match=p.OFPMatch(in_port=1), priority=5)
        inner.set_xid(0x05ce0001)
        return p.OFPBundleAddMsg(dp, 7, o.OFPBF_ATOMIC, inner, [
            p.OFPBundlePropExperimenter(o.OFPBPT_EXPERIMENTER, experimenter=0x00ABCDEF, exp_type=3, data=b'\1\2\3\4')])
    yield 'bundle_add_message', bundled


def since_15(dp, o, p):
    match = p.OFPMatch(in_port=1, eth_type=0x800)
    stats = p.OFPStats(duration=(10, 20), packet_count=100, byte_count=1000)
    yield 'flow_stats request', lambda: p.OFPFlowStatsRequest(dp, 0, 3, 4, 5, 6, 7, match)
    yield 'controller_status request', lambda: p.OFPControllerStatusStatsRequest(dp, 0)
    yield 'port_desc request of one', lambda: p.OFPPortDescStatsRequest(dp, 0, 3)
    yield 'group_desc request of one', lambda: p.OFPGroupDescStatsRequest(dp, 0, 3)
    yield 'bundle_features request', lambda: p.OFPBundleFeaturesStatsRequest(dp, 0, 3, [
        p.OFPBundleFeaturesPropTime(
            o.OFPTMPBF_TIME_CAPABILITY, 72, p.OFPTime(1, 2), p.OFPTime(3, 4), p.OFPTime(5, 6), p.OFPTime(7, 8))])
    yield 'bundle_control with a time', lambda: p.OFPBundleCtrlMsg(dp, 7, o.OFPBCT_COMMIT_REQUEST, o.OFPBF_TIME, [
        p.OFPBundlePropTime(o.OFPBPT_TIME, 24, p.OFPTime(5, 6))])
    yield 'instruction stat_trigger', lambda: p.OFPFlowMod(dp, match=match, instructions=[
        p.OFPInstructionStatTrigger(o.OFPSTF_PERIODIC, stats)])
    yield 'role_request with a short id', lambda: p.OFPRoleRequest(dp, o.OFPCR_ROLE_MASTER, 3, 7)
