/**
 * Messages that Open vSwitch never sends, in bytes of other makers (fixtures/vectors says whose): each decodes to the
 * value written here by hand, and that value encodes to the same bytes.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decodeMessage, encodeMessage, type Message, of10, of12, of14, of15, type Version } from './index.ts';
import { parseHex } from './testing/fixture-files.ts';

const folder = new URL('../fixtures/vectors/', import.meta.url);
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const SOMEBODY = 0xabcdef;
const port1 = {
  portNo: 1,
  hwAddr: '02:00:00:00:00:01',
  config: 1,
  mask: 1,
  properties: [of14.portModProperty.ethernet(0x20)],
};
const scheduled = (seconds: bigint, nanoseconds = 0) => of15.bundleProperty.time({ seconds, nanoseconds });

const vectors: Readonly<Record<string, Message<Version>>> = {
  'of10.queue_get_config_reply.rates': of10.queueGetConfigReply({
    portNo: 0xfffe,
    queues: [
      { queueId: 1, properties: [of10.queueProperty.minRate(5)] },
      { queueId: 2, properties: [of10.queueProperty.minRate(6), of10.queueProperty.minRate(7)] },
    ],
  }),
  'of12.queue_get_config_reply.rates': of12.queueGetConfigReply({
    portNo: 1,
    queues: [
      {
        queueId: 2,
        portNo: 1,
        properties: [of12.queueProperty.minRate(500), of12.queueProperty.maxRate(1000)],
      },
    ],
  }),
  'of14.bundle_add_message.port_mod': of14.bundleAddMessage({
    bundleId: 8,
    flags: 2,
    message: { version: 5, xid: 11, message: of14.portMod(port1) },
  }),
  'of14.port_mod.optical': of14.portMod({
    portNo: 4,
    hwAddr: '02:00:00:00:00:04',
    properties: [
      of14.portModProperty.optical({
        configure: 0xb,
        freqLmda: 193_100_000,
        flOffset: 0,
        gridSpan: 50_000,
        txPwr: 10,
      }),
    ],
  }),
  'of14.port_status.ethernet': of14.portStatus({
    reason: 2,
    port: {
      portNo: 4,
      hwAddr: '01:02:03:04:05:06',
      name: 'foo',
      config: 0x24,
      state: 2,
      properties: [
        of14.portProperty.ethernet({
          curr: 1,
          advertised: 2,
          supported: 4,
          peer: 8,
          currSpeed: 10,
          maxSpeed: 20,
        }),
      ],
    },
  }),
  'of14.requestforward.meter': of14.requestforward({
    request: {
      version: 5,
      xid: 0,
      message: of14.meterMod({
        command: 1,
        flags: 1,
        meterId: 7,
        bands: [of14.band.drop({ rate: 1000 })],
      }),
    },
  }),
  'of14.role_status.config': of14.roleStatus({
    role: 3,
    reason: 1,
    generationId: 10n,
    properties: [
      of14.roleProperty.experimenter({
        experimenter: SOMEBODY,
        expType: 1,
        data: Uint8Array.of(0x11, 0x22, 0x33, 0x44),
      }),
    ],
  }),
  'of14.set_async.all': of14.setAsync({
    properties: [
      of14.asyncProperty.packetInSlave(1),
      of14.asyncProperty.packetInMaster(2),
      of14.asyncProperty.portStatusSlave(3),
      of14.asyncProperty.portStatusMaster(4),
      of14.asyncProperty.flowRemovedSlave(5),
      of14.asyncProperty.flowRemovedMaster(6),
      of14.asyncProperty.roleStatusSlave(7),
      of14.asyncProperty.roleStatusMaster(8),
      of14.asyncProperty.tableStatusSlave(9),
      of14.asyncProperty.tableStatusMaster(10),
      of14.asyncProperty.requestforwardSlave(11),
      of14.asyncProperty.requestforwardMaster(12),
      of14.asyncProperty.experimenterSlave({ experimenter: SOMEBODY, expType: 1 }),
      of14.asyncProperty.experimenterMaster({
        experimenter: SOMEBODY,
        expType: 2,
        data: Uint8Array.of(5, 6, 7, 8),
      }),
    ],
  }),
  'of14.table_mod.vacancy': of14.tableMod({
    tableId: 2,
    config: 12,
    properties: [
      of14.tableProperty.eviction(6),
      of14.tableProperty.vacancy({ vacancyDown: 20, vacancyUp: 30 }),
    ],
  }),
  'of14.table_status.vacancy': of14.tableStatus({
    reason: 3,
    table: {
      tableId: 2,
      config: 12,
      properties: [
        of14.tableProperty.eviction(2),
        of14.tableProperty.vacancy({ vacancyDown: 20, vacancyUp: 30, vacancy: 18 }),
      ],
    },
  }),
  'of15.bundle_add_message.properties': of15.bundleAddMessage({
    bundleId: 7,
    flags: 4,
    message: {
      version: 6,
      xid: 10,
      message: of15.packetOut({
        match: { in_port: 3 },
        actions: [of15.action.output({ port: 2 })],
        data: Uint8Array.of(255, 255, 255, 255, 255, 255, 2, 0, 0, 0, 0, 1, 8, 0),
      }),
    },
    properties: [
      scheduled(1_700_000_000n),
      of15.bundleProperty.experimenter({
        experimenter: SOMEBODY,
        expType: 3,
        data: Uint8Array.of(1, 2, 3, 4),
      }),
    ],
  }),
  'of15.bundle_control.time': of15.bundleControl({
    bundleId: 7,
    controlType: 4,
    flags: 5,
    properties: [scheduled(1_700_000_000n, 250_000_000)],
  }),
  'of15.controller_status.added': of15.controllerStatus({
    status: {
      shortId: 7,
      role: 3,
      reason: 3,
      channelStatus: 0,
      properties: [
        of15.controllerStatusProperty.uri('tls:192.168.34.23:6653'),
        of15.controllerStatusProperty.experimenter({
          experimenter: SOMEBODY,
          expType: 2,
          data: Uint8Array.of(10, 11, 12, 13),
        }),
        of15.controllerStatusProperty.uri('tcp:[::1]'),
      ],
    },
  }),
  'of15.port_status.optical': of15.portStatus({
    reason: 2,
    port: {
      portNo: 9,
      hwAddr: '02:00:00:00:00:09',
      name: 'otn9',
      config: 0,
      state: 4,
      properties: [
        of15.portProperty.optical({
          supported: 15,
          txMinFreqLmda: 193_095_040,
          txMaxFreqLmda: 193_366_560,
          txGridFreqLmda: 50_000,
          rxMinFreqLmda: 193_095_041,
          rxMaxFreqLmda: 193_366_561,
          rxGridFreqLmda: 50_001,
          txPwrMin: 0x10000 - 100,
          txPwrMax: 50,
        }),
        of15.portProperty.pipelineInput(['in_port']),
        of15.portProperty.pipelineOutput(['in_port', 'ipv4_src/mask']),
        of15.portProperty.recirculate([1, 2, 3]),
      ],
    },
  }),
  'of15.requestforward.group': of15.requestforward({
    request: {
      version: 6,
      xid: 0,
      message: of15.groupMod({
        command: 3,
        groupType: 3,
        groupId: 6,
        commandBucketId: 0xfffffffe,
        buckets: [
          of15.bucket({
            bucketId: 4,
            actions: [of15.action.output({ port: 1, maxLen: 0 })],
            properties: [
              of15.bucketProperty.weight(3),
              of15.bucketProperty.watchPort(1),
              of15.bucketProperty.watchGroup(9),
            ],
          }),
        ],
      }),
    },
  }),
  'of15.role_request.short_id': of15.roleRequest({ role: 2, shortId: 5, generationId: 7n }),
  'of15.set_async.new': of15.setAsync({
    properties: [
      of15.asyncProperty.flowStatsSlave(4),
      of15.asyncProperty.flowStatsMaster(8),
      of15.asyncProperty.controllerStatusSlave(16),
      of15.asyncProperty.controllerStatusMaster(32),
    ],
  }),
};

const files = readdirSync(folder).map((file) => file.replace(/\.hex$/, ''));

describe.each(Object.entries(vectors))('%s', (name, message) => {
  const bytes = parseHex(readFileSync(new URL(`${name}.hex`, folder), 'utf8'));

  it('decodes to the value written by hand', () => {
    expect(decodeMessage(bytes).message).toEqual(message);
  });

  it('is encoded to the same bytes', () => {
    const { xid, version } = decodeMessage(bytes);
    expect(hex(encodeMessage(message, xid, version))).toBe(hex(bytes));
  });
});

it('leaves no vector without a value', () => {
  expect(files.filter((file) => !(file in vectors))).toEqual([]);
});
