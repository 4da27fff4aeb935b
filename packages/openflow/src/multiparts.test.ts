/**
 * Multiparts that Open vSwitch never sends, in bytes of other makers (fixtures/multiparts says whose): each decodes to
 * the value written here by hand, and that value encodes to the same bytes. And what malformed ones are answered with.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  decodeMessage,
  encodeMessage,
  type Message,
  of13,
  of14,
  of15,
  ProtocolError,
  type Version,
} from './index.ts';
import { parseHex } from './testing/fixture-files.ts';

const folder = new URL('../fixtures/multiparts/', import.meta.url);
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const SOMEBODY = 0xabcdef;
const time = { seconds: 3n, nanoseconds: 3_000_000_000 };
const stats = {
  duration: { sec: 100, nsec: 500 },
  idle_time: { sec: 2, nsec: 3 },
  flow_count: 1,
  packet_count: 5n,
  byte_count: 600n,
};
const counters = {
  rxPackets: 1n,
  txPackets: 2n,
  rxBytes: 3n,
  txBytes: 4n,
  rxDropped: 5n,
  txDropped: 6n,
  rxErrors: 7n,
  txErrors: 8n,
};
const edge = { tableId: 3, name: 'edge', metadataMatch: 0xffn, metadataWrite: 0xfn, maxEntries: 1000 };
/** os-ken says length 0 in the headers of 1.3 and 1.4, which is no field of ours, and is kept. */
const edgeProperties = (...oxmIds: readonly ('in_port' | 'eth_dst/mask' | `0x${string}`)[]) =>
  [
    of13.tableFeatureProperty.instructions([{ code: 1 }, { code: 4 }]),
    of13.tableFeatureProperty.nextTablesMiss([1, 2, 3]),
    of13.tableFeatureProperty.writeActions([{ code: 0 }, { code: 25 }]),
    of13.tableFeatureProperty.match(oxmIds),
    of13.tableFeatureProperty.experimenter({
      experimenter: SOMEBODY,
      expType: 5,
      data: Uint8Array.of(1, 2, 3, 4),
    }),
  ] as const;

const vectors: Readonly<Record<string, Message<Version>>> = {
  'of13.table_features_request.some': of13.tableFeaturesRequest({
    tables: [{ ...edge, config: 0, properties: edgeProperties('0x80000000', '0x80000700') }],
  }),
  'of14.flow_monitor_reply.events': of14.flowMonitorReply({
    updates: [
      of14.flowUpdate.removed({
        tableId: 3,
        reason: 2,
        idleTimeout: 10,
        hardTimeout: 20,
        priority: 100,
        cookie: 0x51cen,
        match: { in_port: 3 },
        instructions: [of14.instruction.gotoTable(5)],
      }),
      of14.flowUpdate.abbrev(0x1234),
      of14.flowUpdate.paused(),
      of14.flowUpdate.resumed(),
    ],
  }),
  'of14.port_stats_reply.optical': of14.portStatsReply({
    ports: [
      {
        portNo: 4,
        durationSec: 60,
        durationNsec: 500,
        ...counters,
        properties: [
          of14.portStatsProperty.optical({
            flags: 0x37,
            txFreqLmda: 193_100,
            txOffset: 5,
            txGridSpan: 50_000,
            rxFreqLmda: 193_200,
            rxOffset: 7,
            rxGridSpan: 50_000,
            txPwr: 100,
            rxPwr: 95,
            biasCurrent: 200,
            temperature: 450,
          }),
        ],
      },
    ],
  }),
  'of14.queue_desc_reply.rates': of14.queueDescReply({
    queues: [
      {
        portNo: 1,
        queueId: 2,
        properties: [
          of14.queueDescProperty.minRate(500),
          of14.queueDescProperty.maxRate(1000),
          of14.queueDescProperty.experimenter({
            experimenter: SOMEBODY,
            expType: 3,
            data: Uint8Array.of(1, 2, 3, 4),
          }),
        ],
      },
    ],
  }),
  'of14.table_features_request.some': of14.tableFeaturesRequest({
    tables: [
      {
        ...edge,
        config: 0,
        properties: [
          ...edgeProperties('0x80000000', '0x80000700'),
          of14.tableFeatureProperty.tableSyncFrom([4]),
        ],
      },
    ],
  }),
  'of15.aggregate_stats_reply.sums': of15.aggregateStatsReply({ stats }),
  'of15.bundle_features_reply.time': of15.bundleFeaturesReply({
    capabilities: 7,
    properties: [
      of15.bundleFeaturesProperty.timeCapability({
        schedAccuracy: { seconds: 0n, nanoseconds: 1000 },
        schedMaxFuture: { seconds: 3600n, nanoseconds: 0 },
        schedMaxPast: { seconds: 60n, nanoseconds: 0 },
        timestamp: { seconds: 1_700_000_000n, nanoseconds: 5 },
      }),
    ],
  }),
  'of15.bundle_features_request.time': of15.bundleFeaturesRequest({
    flags: 1,
    featureRequestFlags: 1,
    properties: [
      of15.bundleFeaturesProperty.timeCapability({
        schedAccuracy: time,
        schedMaxFuture: time,
        schedMaxPast: time,
        timestamp: time,
      }),
    ],
  }),
  'of15.controller_status_reply.two': of15.controllerStatusReply({
    controllers: [
      {
        shortId: 1,
        role: 2,
        reason: 0,
        channelStatus: 0,
        properties: [of15.controllerStatusProperty.uri('tcp:192.168.1.1:6653')],
      },
      { shortId: 2, role: 3, reason: 4, channelStatus: 1, properties: [] },
    ],
  }),
  'of15.flow_stats_reply.counters': of15.flowStatsReply({
    flags: 1,
    flows: [{ tableId: 1, reason: 1, priority: 100, match: { in_port: 3 }, stats }],
  }),
  'of15.flow_stats_reply.masked': of15.flowStatsReply({
    flags: 1,
    flows: [
      {
        tableId: 1,
        reason: 0,
        priority: 1,
        match: { '0x80000108': Uint8Array.of(0, 0, 0, 4, 0, 0, 0, 5) },
        stats: { duration: { sec: 0, nsec: 4 }, idle_time: { sec: 0, nsec: 6 } },
      },
    ],
  }),
  'of15.group_desc_reply.first_bucket': of15.groupDescReply({
    flags: 1,
    groups: [
      {
        groupType: 0,
        groupId: 1,
        buckets: [
          of15.bucket({
            bucketId: 0xfffffffd,
            actions: [of15.action.output({ port: 1, maxLen: 3 }), of15.action.group(1)],
          }),
        ],
        properties: [],
      },
    ],
  }),
  'of15.group_desc_reply.properties': of15.groupDescReply({
    groups: [
      {
        groupType: 1,
        groupId: 5,
        buckets: [
          of15.bucket({
            bucketId: 9,
            actions: [of15.action.output({ port: 4, maxLen: 0 })],
            properties: [of15.bucketProperty.weight(50), of15.bucketProperty.watchPort(4)],
          }),
        ],
        properties: [
          of15.groupProperty.experimenter({
            experimenter: SOMEBODY,
            expType: 2,
            data: Uint8Array.of(0, 0, 0, 7),
          }),
        ],
      },
    ],
  }),
  'of15.meter_features_reply.flags': of15.meterFeaturesReply({
    maxMeter: 1000,
    bandTypes: 6,
    capabilities: 15,
    maxBands: 8,
    maxColor: 2,
    features: 5,
  }),
  'of15.queue_desc_reply.min_rate': of15.queueDescReply({
    flags: 1,
    queues: [{ portNo: 1, queueId: 1, properties: [of15.queueDescProperty.minRate(1)] }],
  }),
  'of15.queue_stats_reply.experimenter': of15.queueStatsReply({
    flags: 1,
    queues: [
      {
        portNo: 1,
        queueId: 1,
        txBytes: 10n,
        txPackets: 7n,
        txErrors: 1n,
        durationSec: 3,
        durationNsec: 3_000_000_000,
        properties: [
          of15.queueStatsProperty.experimenter({
            experimenter: 0x005c16c7,
            expType: 0,
            data: Uint8Array.of(0, 0, 0, 2),
          }),
        ],
      },
    ],
  }),
  'of15.table_desc_reply.eviction': of15.tableDescReply({
    flags: 1,
    tables: [{ tableId: 0, config: 4, properties: [of15.tableProperty.eviction(2)] }],
  }),
  'of15.table_features_reply.enable': of15.tableFeaturesReply({
    flags: 1,
    tables: [
      {
        tableId: 1,
        command: 2,
        features: 1,
        name: 'abc',
        metadataMatch: 1n,
        metadataWrite: 1n,
        capabilities: 8,
        maxEntries: 10,
        properties: [of15.tableFeatureProperty.instructionsMiss([{ code: 4 }])],
      },
    ],
  }),
  'of15.table_features_request.some': of15.tableFeaturesRequest({
    tables: [
      {
        ...edge,
        command: 1,
        features: 1,
        capabilities: 12,
        properties: [
          ...edgeProperties('in_port', 'eth_dst/mask'),
          of15.tableFeatureProperty.tableSyncFrom([4]),
          of15.tableFeatureProperty.applyCopyfield(['vlan_vid']),
          of15.tableFeatureProperty.packetTypes([{ namespace: 1, nsType: 0x0800 }]),
        ],
      },
    ],
  }),
};

describe.each(readdirSync(folder).map((file) => file.slice(0, -'.hex'.length)))('%s', (name) => {
  const bytes = parseHex(readFileSync(new URL(`${name}.hex`, folder), 'utf8'));
  const message = vectors[name];
  const { version, xid } = decodeMessage(bytes);

  it('decodes to what was written by hand', () => {
    expect(decodeMessage(bytes).message).toEqual(message);
  });

  it('encodes to the bytes of another maker', () => {
    expect(message).toBeDefined();
    if (message !== undefined) expect(hex(encodeMessage(message, xid, version))).toBe(hex(bytes));
  });
});

/** The pair that answers bytes of one multipart; the header is put before them. */
function answerTo(version: number, code: number, multipart: number, body: string): readonly number[] {
  const digits = body.replaceAll(' ', '');
  const head = [version, code, 0, 16 + digits.length / 2, 0, 0, 0, 7, 0, multipart, 0, 0, 0, 0, 0, 0];
  const bytes = Uint8Array.of(...head, ...parseHex(digits));
  try {
    decodeMessage(bytes);
  } catch (error) {
    if (error instanceof ProtocolError) return [error.detail.ofType, error.detail.ofCode];
    throw error;
  }
  return [];
}

describe('a malformed multipart', () => {
  const table = `0048 03 0000000000 ${'00'.repeat(32)} ${'00'.repeat(24)}`;
  const entry = '0020 0000 01 00 0064  0001 0004 00000000';

  it.each([
    [
      'a table feature of 1.3 with a length below its header',
      4,
      18,
      12,
      `${table} 0000 0003 00000000`,
      [13, 3],
    ],
    [
      'a table feature of 1.4 with a length past the table',
      5,
      18,
      12,
      `${table} 0000 0009 00000000`,
      [14, 1],
    ],
    ['an id that runs past its property', 5, 18, 12, `${table} 0000 0008 0001 0008`, [14, 1]],
    ['half an OXM id', 5, 18, 12, `${table} 0008 0006 8000 0000`, [4, 1]],
    ['an experimenter property without its type', 5, 18, 12, `${table} ffff 0008 00abcdef`, [14, 1]],
    ['the same counter twice', 6, 19, 17, `${entry} 0000 000c 80020400 80020400 00000000`, [4, 10]],
    ['counters past the entry', 6, 19, 17, `${entry} 0000 0011 80020400 80020600 00000000`, [4, 1]],
    ['a monitor without its match', 5, 18, 16, '00000001 ffffffff ffffffff 005f ff 00', [4, 1]],
    ['half a monitor', 5, 18, 16, '00000001 ffffffff', [1, 6]],
    ['a flow update shorter than its event says', 5, 19, 16, '0008 0001 00000000', [1, 6]],
    ['a queue request cut off', 4, 18, 5, '00000001', [1, 6]],
    ['half of the meter features of 1.5', 6, 19, 11, `${'00'.repeat(16)} 00000001`, [1, 6]],
  ])('%s is answered with an error about it', (_name, version, code, multipart, body, pair) => {
    expect(answerTo(version, code, multipart, body)).toEqual(pair);
  });
});
