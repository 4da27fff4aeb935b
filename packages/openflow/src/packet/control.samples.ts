/** Generators of ICMP, IGMP and ICMPv6 messages. */
import fc, { type Arbitrary } from 'fast-check';
import type { NdOption } from './nd-options.ts';
import { ipv4Address, ipv6Address, mac, one, record, u, units } from './value.samples.ts';

export const icmp = one(
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

export const igmp = one(
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
export const discovery = fc
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
export const icmpv6Other = fc
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
