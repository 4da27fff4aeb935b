/** Flows and groups that make a switch speak by itself, and the frames that set them off. */

/** One flow a way of sending a packet to the controller; the destination port chooses. */
export const FLOWS_OF_SCENES: readonly string[] = [
  'table=0,priority=60000,cookie=0x1001,udp,udp_dst=1001,actions=CONTROLLER:65535',
  'table=0,priority=60000,cookie=0x1002,udp,udp_dst=1002,actions=CONTROLLER:20',
  'table=0,priority=60000,cookie=0x1003,udp,udp_dst=1003,actions=controller(reason=action,userdata=01.02.03.04.05)',
  'table=0,priority=60000,cookie=0x1004,udp,udp_dst=1004,actions=load:0x5->NXM_NX_REG0[],load:0x123456789->OXM_OF_PKT_REG1[],set_field:0x7->metadata,set_field:9->tun_id,set_field:10.1.1.1->tun_src,set_field:0x77->pkt_mark,CONTROLLER',
  'table=0,priority=60000,cookie=0x1005,udp,udp_dst=1005,actions=push:NXM_NX_REG0[],controller(pause,userdata=aa.bb),output:2',
  'table=0,priority=60000,cookie=0x1006,udp,udp_dst=1006,actions=resubmit(,5)',
  'table=5,priority=5,cookie=0x1006,actions=push_vlan:0x8100,mod_vlan_vid:7,CONTROLLER',
  'table=0,priority=60000,cookie=0x1007,udp,udp_dst=1007,actions=group:51',
  'table=0,priority=60000,cookie=0x1008,udp,udp_dst=1008,actions=resubmit(,6),output:1',
  'table=6,priority=5,cookie=0x1008,ip,actions=set_field:1.1.1.1->ip_dst,controller(pause),mod_nw_ttl:3,output:2',
  'table=0,priority=60000,cookie=0x1009,udp,udp_dst=1009,actions=dec_ttl,output:2',
  'table=0,priority=0,cookie=0x9,actions=CONTROLLER',
];

/** These end by themselves or are deleted, and are announced. */
export const LATER_FLOWS: readonly string[] = [
  'table=0,priority=7,cookie=0x2001,udp,udp_dst=2001,idle_timeout=1,send_flow_rem,actions=2',
  'table=0,priority=7,cookie=0x2002,udp,udp_dst=2002,hard_timeout=2,send_flow_rem,actions=2',
  'table=5,priority=7,cookie=0x2003,udp,udp_src=5,ip_dscp=3,send_flow_rem,actions=2',
  'table=5,priority=7,cookie=0x2004,tcp6,ipv6_src=2001:db8::/32,vlan_tci=0x1123/0x1fff,send_flow_rem,importance=7,actions=2',
  'table=6,priority=7,cookie=0x2005,reg0=7,send_flow_rem,actions=group:51',
  'table=6,priority=7,cookie=0x2006,reg1=7,send_flow_rem,actions=load:1->NXM_NX_REG3[],1',
];

export const GROUPS_OF_SCENES: readonly string[] = [
  'group_id=51,type=indirect,bucket=actions=CONTROLLER',
  'group_id=52,type=select,bucket=weight:1,actions=1,bucket=weight:2,actions=2',
];

/** A UDP datagram that arrives at a port, as dummy devices take it. */
export function frame(port: string, ttl = 64): string {
  return (
    'in_port(1),eth(src=02:00:00:00:00:01,dst=02:00:00:00:00:02),eth_type(0x0800),' +
    `ipv4(src=10.0.0.1,dst=10.0.0.2,proto=17,tos=172,ttl=${ttl},frag=no),udp(src=4000,dst=${port})`
  );
}
