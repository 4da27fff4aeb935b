/** What a switch refuses in versions other than 1.3; the fake switch and Open vSwitch alike. */
import { describe, expect, it } from 'vitest';
import {
  BatchError,
  type Message,
  OFPFC,
  OFPFF,
  of10,
  of11,
  of12,
  of13,
  of14,
  of15,
  type Switch,
  type Version,
} from '../index.ts';

const SPACES = { '1.0': of10, '1.1': of11, '1.2': of12, '1.3': of13, '1.4': of14, '1.5': of15 };
type Build = (kind: string, fields: object) => Message<Version>;
const builderOf =
  (version: Version): Build =>
  (kind, fields) => {
    // Builders are looked up by name; one that is missing fails the test.
    const builders = SPACES[version] as unknown as Record<string, (init: object) => Message<Version>>;
    const build = builders[kind];
    if (build === undefined) throw new Error(`OpenFlow ${version} has no ${kind}`);
    return build(fields);
  };

interface Case {
  readonly name: string;
  readonly versions: readonly Version[];
  readonly messages: (build: Build, version: Version) => readonly Message<Version>[];
  readonly expected: readonly string[];
}

const ALL: readonly Version[] = ['1.0', '1.1', '1.2', '1.4', '1.5'];
const WITH_GROUPS = ALL.slice(1);
const WITH_METERS: readonly Version[] = ['1.4', '1.5'];

const through = (version: Version, ...actions: readonly object[]): object =>
  version === '1.0' ? { actions } : { instructions: [{ type: 'apply_actions', actions }] };
const output = (port: number): object => ({ type: 'output', port, maxLen: 0 });
const anyPort = (version: Version): number => (version === '1.0' ? 0xffff : 0xffffffff);
const add = { command: OFPFC.ADD };
const bucketOf = (version: Version): object =>
  version === '1.5'
    ? { bucketId: 0, actions: [output(1)], properties: [] }
    : { weight: 0, watchPort: 0xffffffff, watchGroup: 0xffffffff, actions: [output(1)] };

const cases: readonly Case[] = [
  {
    name: 'looks for overlaps when asked',
    versions: ALL,
    messages: (build) => [
      build('flowMod', { ...add, priority: 5, match: { in_port: 1 } }),
      build('flowMod', { ...add, priority: 5, match: { eth_type: 0x0800 }, flags: OFPFF.CHECK_OVERLAP }),
    ],
    expected: ['1 OFPFMFC_OVERLAP'],
  },
  {
    name: 'knows five commands for flows',
    versions: ALL,
    messages: (build) => [build('flowMod', { command: 9 })],
    expected: ['0 OFPFMFC_BAD_COMMAND'],
  },
  {
    name: 'outputs to no port ANY',
    versions: ALL,
    messages: (build, version) => [
      build('flowMod', { ...add, ...through(version, output(anyPort(version))) }),
    ],
    expected: ['0 OFPBAC_BAD_OUT_PORT'],
  },
  {
    name: 'takes a port that is not there yet',
    versions: ALL,
    messages: (build, version) => [build('flowMod', { ...add, ...through(version, output(77)) })],
    expected: [],
  },
  {
    name: 'has no buffers',
    versions: ALL,
    messages: (build) => [build('packetOut', { bufferId: 77, actions: [] })],
    expected: ['0 OFPBRC_BUFFER_UNKNOWN'],
  },
  {
    name: 'goes forward in the tables only',
    versions: WITH_GROUPS,
    messages: (build) => [build('flowMod', { ...add, instructions: [{ type: 'goto_table', tableId: 0 }] })],
    expected: ['0 OFPBIC_BAD_TABLE_ID'],
  },
  {
    name: 'changes only a group that is there',
    versions: WITH_GROUPS,
    messages: (build, version) => [
      build('groupMod', { command: 1, groupId: 9, groupType: 0, buckets: [bucketOf(version)] }),
    ],
    expected: ['0 OFPGMFC_UNKNOWN_GROUP'],
  },
  {
    name: 'adds a group once',
    versions: WITH_GROUPS,
    messages: (build, version) => {
      const group = { command: 0, groupId: 9, groupType: 0, buckets: [bucketOf(version)] };
      return [
        build('groupMod', group),
        build('groupMod', group),
        build('groupMod', { command: 2, groupId: 9 }),
      ];
    },
    expected: ['1 OFPGMFC_GROUP_EXISTS'],
  },
  {
    name: 'sends to a group that is there',
    versions: WITH_GROUPS,
    messages: (build, version) => [
      build('flowMod', { ...add, ...through(version, { type: 'group', groupId: 50 }) }),
    ],
    expected: ['0 OFPBAC_BAD_OUT_GROUP'],
  },
  {
    name: 'adds a meter once',
    versions: WITH_METERS,
    messages: (build) => {
      const meter = { command: 0, flags: 1, meterId: 1, bands: [{ type: 'drop', rate: 1, burstSize: 0 }] };
      return [
        build('meterMod', meter),
        build('meterMod', meter),
        build('meterMod', { command: 2, meterId: 1 }),
      ];
    },
    expected: ['1 OFPMMFC_METER_EXISTS'],
  },
  {
    name: 'sends no flow through a missing meter',
    versions: ['1.4'],
    messages: (build) => [build('flowMod', { ...add, instructions: [{ type: 'meter', meterId: 99 }] })],
    expected: ['0 OFPMMFC_INVALID_METER'],
  },
];

export function versionsContract(joined: (version: Version) => Promise<Switch<Version>>): void {
  describe.each(ALL)('OpenFlow %s', (version) => {
    const own = cases.filter(({ versions }) => versions.includes(version));
    it.each(own)('a switch $name', async ({ messages, expected }) => {
      const sw = await joined(version);
      const build = builderOf(version);
      const clean = build('flowMod', { command: OFPFC.DELETE, tableId: version === '1.1' ? 0 : 0xff });
      await sw.sendBatch([clean]);
      const verdict = await sw.sendBatch(messages(build, version)).then(
        () => [],
        (error: unknown) => {
          if (error instanceof BatchError) return error.errors.map(({ index, name }) => `${index} ${name}`);
          throw error;
        },
      );
      expect(verdict).toEqual(expected);
      await sw.sendBatch([clean]);
    });
  });
}
