"""Messages a second of os-ken's codec: parsing a packet-in, building and serialising a flow mod. One JSON line."""
import json
import time

from os_ken.ofproto import ofproto_parser, ofproto_protocol, ofproto_v1_3, ofproto_v1_3_parser as parser

SECONDS = 1.5


class Datapath(ofproto_protocol.ProtocolDesc):
    def __init__(self):
        super().__init__(version=ofproto_v1_3.OFP_VERSION)
        self.id = 1


DATAPATH = Datapath()


def rate(work):
    best = 0.0
    for _ in range(3):
        count = 0
        start = time.perf_counter()
        while time.perf_counter() - start < SECONDS:
            for _ in range(200):
                work()
            count += 200
        best = max(best, count / (time.perf_counter() - start))
    return best


def packet_in(hex_text):
    data = bytes.fromhex(hex_text)
    version, kind, length, xid = ofproto_parser.header(data)
    return lambda: ofproto_parser.msg(DATAPATH, version, kind, length, xid, data)


def flow_mod():
    match = parser.OFPMatch(in_port=1, eth_dst='02:00:00:00:00:02', eth_src='02:00:00:00:00:01')
    actions = [parser.OFPActionOutput(2, 0xffff)]
    instructions = [parser.OFPInstructionActions(ofproto_v1_3.OFPIT_APPLY_ACTIONS, actions)]
    message = parser.OFPFlowMod(datapath=DATAPATH, priority=100, match=match, instructions=instructions)
    message.serialize()
    return message.buf


import sys

print(json.dumps({'packetIn': rate(packet_in(sys.argv[1])), 'flowMod': rate(flow_mod)}))
