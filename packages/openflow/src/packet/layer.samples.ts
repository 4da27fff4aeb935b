/** Generators of packets for property tests: every layer, every optional part, any nesting that can be on a wire. */
import fc, { type Arbitrary } from 'fast-check';
import type { LayerInput } from './layer.ts';
import type { NdOption } from './nd-options.ts';

const u = (bits: number): Arbitrary<number> => fc.integer({ min: 0, max: 2 ** bits - 1 });
const bytes = (minLength: number, maxLength = minLength): Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength, maxLength });
const units = (first: number, unit: number, most: number): Arbitrary<Uint8Array> =>
  fc.integer({ min: 0, max: most }).chain((n) => bytes(first + n * unit));
const hex = (byte: number): string => byte.toString(16).padStart(2, '0');
export const mac = bytes(6).map((b) => [...b].map(hex).join(':'));
export const ipv4Address = bytes(4).map((b) => b.join('.'));
export const ipv6Address = fc
  .tuple(...Array.from({ length: 8 }, () => u(16)))
  .map((groups) => groups.map((group) => Math.max(group, 1).toString(16)).join(':'));

type Layers = readonly LayerInput[];
const one = <T extends LayerInput>(layer: Arbitrary<T>): Arbitrary<Layers> => layer.map((value) => [value]);
const then = (...parts: readonly Arbitrary<Layers>[]): Arbitrary<Layers> =>
  fc.tuple(...parts).map((lists) => lists.flat());
const nothing: Arbitrary<Layers> = fc.constant([]);
const payload: Arbitrary<Layers> = fc.oneof(
  nothing,
  bytes(1, 40).map((data) => [{ type: 'payload', data } as const]),
);
const record = <T>(model: { [K in keyof T]: Arbitrary<T[K]> }): Arbitrary<T> => fc.record(model);
const absent = { requiredKeys: [] as [] };

const tcp = one(
  fc
    .record({
      seq: u(32),
      ack: u(32),
      srcPort: u(16),
      dstPort: u(16),
      flags: u(12),
      window: u(16),
      urgentPointer: u(16),
      options: units(0, 4, 10),
    })
    .map(({ options, ...rest }) => ({
      type: 'tcp' as const,
      ...rest,
      ...(options.length === 0 ? {} : { options }),
    })),
);
const port = u(16).filter((number) => ![67, 68, 4789].includes(number));
const udpHeader = one(
  fc.tuple(port, port, bytes(0, 3)).map(([srcPort, dstPort, padding]) => ({
    type: 'udp' as const,
    srcPort,
    dstPort,
    ...(padding.length === 0 ? {} : { padding }),
  })),
);
const sctp = one(
  fc.tuple(port, port, u(32)).map(([srcPort, dstPort, verificationTag]) => ({
    type: 'sctp' as const,
    srcPort,
    dstPort,
    verificationTag,
  })),
);
const icmp = one(
  fc
    .oneof(
      fc
        .tuple(fc.constantFrom(0, 8, 13, 14), u(8), u(16), u(16))
        .map(
          ([icmpType, code, identifier, sequence]) =>
            ({ icmpType, code, body: { kind: 'echo', identifier, sequence } }) as const,
        ),
      fc
        .tuple(u(8), ipv4Address)
        .map(([code, gateway]) => ({ icmpType: 5, code, body: { kind: 'redirect', gateway } }) as const),
      u(16).map((mtu) => ({ icmpType: 3, code: 4, body: { kind: 'fragmentation_needed', mtu } }) as const),
      fc
        .tuple(fc.constantFrom(3, 11, 12, 200), fc.constantFrom(0, 1, 3, 9), u(32))
        .map(([icmpType, code, word]) => ({ icmpType, code, body: { kind: 'other', word } }) as const),
    )
    .map((rest) => ({ type: 'icmp' as const, ...rest })),
);

const queryTail = (address: Arbitrary<string>) =>
  record({
    suppress: fc.boolean(),
    robustness: u(3),
    intervalCode: u(8),
    sources: fc.array(address, { maxLength: 3 }),
  });
const groupRecord = (address: Arbitrary<string>) =>
  record({ recordType: u(8), group: address, sources: fc.array(address, { maxLength: 3 }) });

const igmp = one(
  fc
    .oneof(
      fc
        .tuple(fc.constantFrom(0x11, 0x12, 0x16, 0x17), ipv4Address)
        .map(([igmpType, group]) => ({ igmpType, body: { kind: 'group', group } }) as const),
      fc
        .tuple(ipv4Address, queryTail(ipv4Address))
        .map(([group, tail]) => ({ igmpType: 0x11, body: { kind: 'query_v3', group, ...tail } }) as const),
      fc
        .array(groupRecord(ipv4Address), { maxLength: 3 })
        .map((records) => ({ igmpType: 0x22, body: { kind: 'report_v3', records } }) as const),
    )
    .chain((rest) => u(8).map((code) => ({ type: 'igmp' as const, code, ...rest }))),
);

const ndOption: Arbitrary<NdOption> = fc.oneof(
  fc
    .tuple(fc.constantFrom('source_link_address' as const, 'target_link_address' as const), mac)
    .map(([kind, address]) => ({ kind, mac: address })),
  record({
    kind: fc.constant('prefix' as const),
    prefixLength: fc.integer({ min: 0, max: 128 }),
    flags: u(8),
    validSec: u(32),
    preferredSec: u(32),
    prefix: ipv6Address,
  }),
  units(0, 8, 3).map((data) => ({ kind: 'redirected_packet' as const, data })),
  u(32).map((mtu) => ({ kind: 'mtu' as const, mtu })),
  record({
    kind: fc.constant('dns_servers' as const),
    lifetimeSec: u(32),
    servers: fc.array(ipv6Address, { maxLength: 2 }),
  }),
  fc.tuple(fc.constantFrom(14, 31, 200), units(6, 8, 2)).map(([number, value]) => ({
    kind: 'other' as const,
    number,
    value,
  })),
);
const options = fc.array(ndOption, { maxLength: 3 });
const discovery = fc
  .oneof(
    record({ options, reserved: u(32) }).map(
      ({ options: list }) =>
        ({ icmpType: 133, body: { kind: 'router_solicitation', options: list } }) as const,
    ),
    record({
      hopLimit: u(8),
      flags: u(8),
      routerLifetimeSec: u(16),
      reachableMs: u(32),
      retransmitMs: u(32),
      options,
    }).map((rest) => ({ icmpType: 134, body: { kind: 'router_advertisement', ...rest } }) as const),
    record({ target: ipv6Address, options }).map(
      (rest) => ({ icmpType: 135, body: { kind: 'neighbour_solicitation', ...rest } }) as const,
    ),
    record({
      target: ipv6Address,
      options,
      isRouter: fc.boolean(),
      isSolicited: fc.boolean(),
      isOverride: fc.boolean(),
    }).map((rest) => ({ icmpType: 136, body: { kind: 'neighbour_advertisement', ...rest } }) as const),
    record({ target: ipv6Address, destination: ipv6Address, options }).map(
      (rest) => ({ icmpType: 137, body: { kind: 'redirect', ...rest } }) as const,
    ),
  )
  .map((rest) => [{ type: 'icmpv6' as const, ...rest }]);
const icmpv6Other = fc
  .oneof(
    fc
      .tuple(fc.constantFrom(128, 129), u(16), u(16))
      .map(
        ([icmpType, identifier, sequence]) =>
          ({ icmpType, body: { kind: 'echo', identifier, sequence } }) as const,
      ),
    u(32).map((mtu) => ({ icmpType: 2, body: { kind: 'packet_too_big', mtu } }) as const),
    fc
      .tuple(fc.constantFrom(1, 3, 4, 250), u(32))
      .map(([icmpType, word]) => ({ icmpType, body: { kind: 'other', word } }) as const),
    fc
      .array(groupRecord(ipv6Address), { maxLength: 3 })
      .map((records) => ({ icmpType: 143, body: { kind: 'listener_report_v2', records } }) as const),
    fc
      .tuple(u(16), ipv6Address, queryTail(ipv6Address))
      .map(
        ([maxResponseCode, group, tail]) =>
          ({ icmpType: 130, body: { kind: 'listener_query_v2', maxResponseCode, group, ...tail } }) as const,
      ),
    fc
      .tuple(fc.constantFrom(131, 132), u(16), ipv6Address)
      .map(
        ([icmpType, maxResponseCode, group]) =>
          ({ icmpType, body: { kind: 'listener', maxResponseCode, group } }) as const,
      ),
  )
  .map((rest) => [{ type: 'icmpv6' as const, ...rest }]);

const dhcp: Arbitrary<Layers> = fc
  .record(
    {
      hops: u(8),
      secs: u(16),
      flags: u(16),
      yourIp: ipv4Address,
      serverName: bytes(64),
      bootFile: bytes(128),
    },
    absent,
  )
  .chain((rest) =>
    fc
      .tuple(
        fc.constantFrom(1, 2),
        u(32),
        bytes(16),
        fc.array(
          fc.oneof(
            fc
              .tuple(fc.integer({ min: 1, max: 254 }), bytes(0, 12))
              .map(([code, value]) => ({ code, value })),
            fc.constant({ code: 0, value: new Uint8Array(0) }),
          ),
          { maxLength: 6 },
        ),
      )
      .map(([op, xid, clientHardware, list]) => [
        { type: 'udp' as const, srcPort: op === 1 ? 68 : 67, dstPort: op === 1 ? 67 : 68 },
        { type: 'dhcp' as const, op, xid, clientHardware, options: list, ...rest },
      ]),
  );

const ipv4Header = one(
  fc
    .record({
      src: ipv4Address,
      dst: ipv4Address,
      dscp: u(6),
      ecn: u(2),
      identification: u(16),
      flags: fc.constantFrom(0, 2),
      ttl: u(8),
      options: units(0, 4, 10),
    })
    .map(({ options: list, ...rest }) => ({
      type: 'ipv4' as const,
      ...rest,
      ...(list.length === 0 ? {} : { options: list }),
    })),
);
const ipv6Header = one(
  record({
    type: fc.constant('ipv6' as const),
    src: ipv6Address,
    dst: ipv6Address,
    dscp: u(6),
    ecn: u(2),
    flowLabel: u(20),
    hopLimit: u(8),
  }),
);
const extension: Arbitrary<Layers> = fc.oneof(
  fc
    .tuple(fc.constantFrom('hop_by_hop' as const, 'destination_options' as const), units(6, 8, 3))
    .map(([type, list]) => [{ type, options: list }]),
  fc
    .tuple(fc.constantFrom(0, 2, 4, 99), u(8), units(4, 8, 5))
    .map(([routingType, segmentsLeft, data]) => [
      { type: 'routing' as const, routingType, segmentsLeft, data },
    ]),
  fc
    .tuple(u(32), u(32), units(0, 4, 5))
    .map(([spi, sequence, checkValue]) => [{ type: 'authentication' as const, spi, sequence, checkValue }]),
  u(32).map((identification) => [{ type: 'fragment' as const, identification }]),
);
const extensions = fc.array(extension, { maxLength: 4 }).map((lists) => lists.flat());

const transport: Arbitrary<Layers> = fc.oneof(
  then(tcp, payload),
  then(udpHeader, payload),
  then(sctp, payload),
);

const bareIpv4 = ipv4Header.map((layers) => layers.filter((layer) => layer.type === 'ipv4'));
/** A first fragment states the checksum and length of a datagram that is not all here; a later one is bytes. */
const fragments: Arbitrary<Layers> = fc.oneof(
  fc
    .tuple(
      bareIpv4,
      fc.integer({ min: 1, max: 0x1fff }),
      fc.constantFrom(0, 1),
      fc.constantFrom(1, 6, 17, 132),
      bytes(1, 40),
    )
    .map(([ips, offset, flags, protocol, data]) => [
      ...ips.map((ip) => ({ ...ip, fragmentOffset: offset * 8, flags, protocol })),
      { type: 'payload' as const, data },
    ]),
  fc
    .tuple(bareIpv4, u(16), port, port, bytes(1, 40))
    .map(([ips, sum, srcPort, dstPort, data]) => [
      ...ips.map((ip) => ({ ...ip, flags: 1 })),
      { type: 'udp' as const, srcPort, dstPort, length: 2000, checksum: sum },
      { type: 'payload' as const, data },
    ]),
  fc
    .tuple(ipv6Header, extensions, fc.integer({ min: 1, max: 0x1fff }), fc.boolean(), u(32), bytes(1, 40))
    .map(([ips, list, offset, moreFragments, identification, data]) => [
      ...ips,
      ...list.filter(({ type }) => type !== 'fragment'),
      {
        type: 'fragment' as const,
        fragmentOffset: offset * 8,
        moreFragments,
        identification,
        nextHeader: 17,
      },
      { type: 'payload' as const, data },
    ]),
);

/** What stands over Ethernet, a label stack or GRE. */
function network(depth: number): Arbitrary<Layers> {
  const plain: readonly Arbitrary<Layers>[] = [
    then(ipv4Header, fc.oneof(transport, then(icmp, payload), igmp, dhcp)),
    then(ipv6Header, extensions, fc.oneof(transport, discovery, then(icmpv6Other, payload))),
    fragments,
  ];
  if (depth === 0) return fc.oneof(...plain);
  const gre = fc
    .record({ key: u(32), sequence: u(32), checksum: fc.constant('compute' as const) }, absent)
    .map((rest) => [{ type: 'gre' as const, ...rest }]);
  const vxlan = u(24).map((vni) => [
    { type: 'udp' as const, srcPort: 50_000, dstPort: 4789 },
    { type: 'vxlan' as const, vni },
  ]);
  return fc.oneof(
    ...plain,
    then(ipv4Header, gre, network(depth - 1)),
    then(ipv6Header, gre, frame(depth - 1)),
    then(ipv4Header, vxlan, frame(depth - 1)),
    then(ipv4Header, network(0)),
  );
}

const label = record({ label: u(20), trafficClass: u(3), ttl: u(8) });
const vlan = record({
  type: fc.constant('vlan' as const),
  tpid: fc.constantFrom(0x8100, 0x88a8),
  vid: u(12),
  pcp: u(3),
  dei: fc.boolean(),
});

const lldp: Arbitrary<Layers> = fc
  .tuple(
    u(8),
    bytes(1, 20),
    u(16),
    fc.array(
      fc.oneof(
        fc
          .tuple(fc.constantFrom('port_description' as const, 'system_name' as const), bytes(0, 20))
          .map(([kind, value]) => ({ kind, value })),
        fc
          .tuple(u(16), u(16))
          .map(([system, enabled]) => ({ kind: 'capabilities' as const, system, enabled })),
        record({
          kind: fc.constant('management_address' as const),
          addressSubtype: u(8),
          address: bytes(1, 16),
          interfaceSubtype: u(8),
          interfaceNumber: u(32),
          oid: bytes(0, 5),
        }),
        record({
          kind: fc.constant('organisation' as const),
          oui: u(24),
          subtype: u(8),
          value: bytes(0, 20),
        }),
        fc.tuple(fc.integer({ min: 9, max: 126 }), bytes(0, 20)).map(([number, value]) => ({
          kind: 'other' as const,
          number,
          value,
        })),
      ),
      { maxLength: 5 },
    ),
  )
  .map(([subtype, value, ttlSec, tlvs]) => [
    { type: 'lldp' as const, chassisId: { subtype, value }, portId: { subtype, value }, ttlSec, tlvs },
  ]);

const arp: Arbitrary<Layers> = record({
  type: fc.constantFrom('arp' as const, 'rarp' as const),
  operation: u(16),
  senderMac: mac,
  senderIp: ipv4Address,
  targetMac: mac,
  targetIp: ipv4Address,
}).map((layer) => [layer]);

const llc: Arbitrary<Layers> = fc
  .tuple(
    fc.constantFrom(0x42, 0xe0),
    u(8),
    fc.constantFrom(3, 0xaf, 0x1200, 0xff01),
    bytes(1, 60),
    bytes(0, 10),
  )
  .map(([dsap, ssap, control, data, padding]) => [
    { type: 'llc' as const, dsap, ssap, control, ...(padding.length === 0 ? {} : { padding }) },
    { type: 'payload' as const, data },
  ]);
const snap = (inner: Arbitrary<Layers>): Arbitrary<Layers> =>
  inner.map((layers) => [
    { type: 'llc' as const, dsap: 0xaa, ssap: 0xaa, control: 3, snap: { oui: 0, protocol: 0x0800 } },
    ...layers,
  ]);

/** Frames from Ethernet on, with up to `depth` tunnels. */
export function frame(depth: number): Arbitrary<Layers> {
  const ethernet = fc.tuple(mac, mac).map(([dst, src]) => [{ type: 'ethernet' as const, dst, src }]);
  const tags = fc.array(vlan, { maxLength: 3 });
  const mpls = fc
    .array(label, { minLength: 1, maxLength: 4 })
    .map((labels) => [{ type: 'mpls' as const, labels }]);
  return then(
    ethernet,
    tags,
    fc.oneof(
      { weight: 6, arbitrary: network(depth) },
      { weight: 1, arbitrary: then(mpls, network(0)) },
      { weight: 1, arbitrary: arp },
      { weight: 1, arbitrary: lldp },
      { weight: 1, arbitrary: llc },
      { weight: 1, arbitrary: snap(network(0)) },
    ),
  );
}
