/** Groups: changes, descriptions, statistics. ovs-ofctl(8), "Group Syntax". */
import type { Version } from '../../versions.ts';
import { ACTION_NAMES } from '../words/action-names.ts';
import { fieldOfKey } from '../words/fields.ts';
import { bytesText, hex, nameOf } from '../words/numbers.ts';
import { groupText, isAnyPort, portText } from '../words/ports.ts';
import { formatActions } from './actions.ts';
import { durationText } from './stats.ts';
import type { AnyBucket, Of } from './types.ts';
import { fieldName, valueText } from './value.ts';

const COMMANDS: ReadonlyMap<number, string> = new Map([
  [0, 'ADD'],
  [1, 'MOD'],
  [2, 'DEL'],
  [3, 'INSERT_BUCKET'],
  [5, 'REMOVE_BUCKET'],
  [0x8000, 'ADD_OR_MOD'],
]);
const BUCKET_COMMANDS: ReadonlySet<number> = new Set([3, 5]);
const TYPES: readonly string[] = ['all', 'select', 'indirect', 'ff'];
const SELECT = 1;
const BUCKETS: ReadonlyMap<number, string> = new Map([
  [0xffff_fffd, 'first'],
  [0xffff_fffe, 'last'],
  [0xffff_ffff, 'all'],
]);

export function groupModText(message: Of<'group_mod' | 'nx_group_mod'>, version: Version): string {
  const { command } = message;
  const bucket =
    'commandBucketId' in message && BUCKET_COMMANDS.has(command)
      ? `command_bucket_id:${BUCKETS.get(message.commandBucketId) ?? message.commandBucketId},`
      : '';
  const name = COMMANDS.get(command) ?? `cmd:${command}`;
  return `\n ${name} ${bucket}${groupEntryText(message, version, BUCKET_COMMANDS.has(command))}`;
}

interface GroupEntry {
  readonly groupId: number;
  readonly groupType: number;
  readonly buckets: readonly AnyBucket[];
  readonly properties?: Of<'nx_group_mod'>['properties'];
}

/** `isPart` when the message is about buckets of a group that is there, whose type it does not tell. */
function groupEntryText(group: GroupEntry, version: Version, isPart = false): string {
  return [
    `group_id=${group.groupId}`,
    ...(isPart ? [] : [`type=${nameOf(TYPES, group.groupType)}`]),
    ...(group.properties ?? []).flatMap(propertyText),
    ...group.buckets.map(
      (bucket) => `bucket=${bucketText(bucket, isPart || group.groupType === SELECT, version)}`,
    ),
  ].join(',');
}

type GroupProperty = NonNullable<GroupEntry['properties']>[number];

function propertyText(property: GroupProperty): readonly string[] {
  if (property.type === 'unknown') return [`property=${property.code}:0x${bytesText(property.data)}`];
  if (property.type === 'experimenter') {
    return [`property=${hex(property.experimenter)}:${property.expType}:0x${bytesText(property.data)}`];
  }
  const fields = Object.entries(property.fields).filter(([, mask]) => mask !== undefined);
  return [
    `selection_method=${property.method}`,
    ...(property.param === 0n ? [] : [`selection_method_param=${property.param}`]),
    ...(fields.length === 0 ? [] : [hashFieldsText(fields as readonly (readonly [string, Uint8Array])[])]),
  ];
}

/** The fields that are hashed, each with the bits of it that count unless all do. */
function hashFieldsText(fields: readonly (readonly [key: string, mask: Uint8Array])[]): string {
  const texts = fields.map(([key, mask]) =>
    mask.every((byte) => byte === 0xff) ? fieldName(key) : `${fieldName(key)}=${maskText(key, mask)}`,
  );
  const [only] = texts;
  const isPlain = texts.length === 1 && only !== undefined && !only.includes('=');
  return isPlain ? `fields=${only}` : `fields(${texts.join(',')})`;
}

function maskText(key: string, mask: Uint8Array): string {
  const bits = mask.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);
  const full = (1n << BigInt(mask.length * 8)) - 1n;
  return valueText(fieldOfKey(key)?.form ?? 'hex', bits, full, full);
}

/** Of a group that does not choose among its buckets, the weight says nothing. */
function bucketText(bucket: AnyBucket, isWeighted: boolean, version: Version): string {
  const { id, weight, port, group } = wordsOfBucket(bucket);
  return [
    ...(id === undefined ? [] : [`bucket_id:${id}`]),
    ...(!isWeighted || weight === 1 ? [] : [`weight:${weight}`]),
    ...(isAnyPort(port) ? [] : [`watch_port:${portText(port)}`]),
    ...(isAnyPort(group) ? [] : [`watch_group:${groupText(group)}`]),
    `actions=${formatActions(bucket.actions, version)}`,
  ].join(',');
}

interface BucketWords {
  readonly id?: number;
  readonly weight: number;
  readonly port: number;
  readonly group: number;
}

const ANY = 0xffff_ffff;

function wordsOfBucket(bucket: AnyBucket): BucketWords {
  if (!('bucketId' in bucket)) {
    return { weight: bucket.weight, port: bucket.watchPort, group: bucket.watchGroup };
  }
  let words: BucketWords = { id: bucket.bucketId, weight: 1, port: ANY, group: ANY };
  for (const property of bucket.properties) {
    if (property.type === 'weight') words = { ...words, weight: property.weight };
    else if (property.type === 'watch_port') words = { ...words, port: property.watch };
    else if (property.type === 'watch_group') words = { ...words, group: property.watch };
  }
  return words;
}

export const groupsText = (reply: Of<'group_desc_reply' | 'nx_group_desc_reply'>, version: Version): string =>
  reply.groups.map((group) => `\n ${groupEntryText(group, version)}`).join('');

export function groupStatsText(reply: Of<'group_stats_reply' | 'nx_group_stats_reply'>): string {
  return reply.groups
    .map((group) => {
      const parts = [
        `group_id=${group.groupId}`,
        ...('durationSec' in group
          ? [`duration=${durationText(group.durationSec, group.durationNsec)}`]
          : []),
        `ref_count=${group.refCount}`,
        `packet_count=${group.packetCount}`,
        `byte_count=${group.byteCount}`,
        ...group.buckets.map(
          (bucket, i) => `bucket${i}:packet_count=${bucket.packetCount},byte_count=${bucket.byteCount}`,
        ),
      ];
      return `\n ${parts.join(',')}`;
    })
    .join('');
}

const FEATURE_TYPES = [
  ['all group', 'All'],
  ['select group', 'Select'],
  ['indirect group', 'Indirect'],
  ['fast failover group', 'Ff'],
] as const;

export function groupFeaturesText(
  reply: Of<'group_features_reply' | 'nx_group_features_reply'>,
  version: Version,
): string {
  const names = version === '1.0' ? ACTION_NAMES.of10 : ACTION_NAMES.of;
  const lines = FEATURE_TYPES.flatMap(([name, key], type) => {
    const max = reply[`maxGroups${key}`];
    if (((reply.types >>> type) & 1) === 0) return [];
    return [
      `    ${name}:`,
      `       max_groups=${hex(max)}`,
      `       actions: ${names(reply[`actions${key}`])}`,
    ];
  });
  return [
    '\n Group table:',
    `    Types:  ${hex(reply.types)}`,
    `    Capabilities:  ${hex(reply.capabilities)}`,
    ...lines,
  ].join('\n');
}
