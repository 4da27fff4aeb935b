/** Groups: `add-group`, `mod-group`, `del-groups`, `insert-buckets`, `remove-buckets`. */
import type { Message } from '../../codec.ts';
import type { Version } from '../../versions.ts';
import { type Act, encodeAll, type WireAction } from './act.ts';
import { actsOf, contextOf, refuseInstructions } from './actions.ts';
import { FIELD_NAMES, type Field, fieldNamed, requireField } from './fields.ts';
import { linesOf, requireFormats } from './flow.ts';
import { ANY, FORMAT, formatsOf, OF10_ANY, type Usable } from './formats.ts';
import { keyOf } from './keys.ts';
import { bigNumber, number, port, port32 } from './numbers.ts';
import { Problems, parseError, type Word } from './parse-error.ts';
import { oxmValue, parseBits, wholeMask } from './values.ts';
import { type Pair, pairsOf, part } from './words.ts';

/** OFPGC_*; add_or_mod is Open vSwitch's. */
const COMMANDS = {
  add: 0,
  modify: 1,
  delete: 2,
  insert_bucket: 3,
  remove_bucket: 5,
  add_or_mod: 0x8000,
} as const;
export type GroupCommand = keyof typeof COMMANDS;

export interface GroupOptions<V extends Version = Version> {
  readonly version: V;
  /** What a line does that does not begin with a command. Default: add. */
  readonly command?: GroupCommand;
}

const TYPES: Readonly<Record<string, number>> = { all: 0, select: 1, indirect: 2, ff: 3, fast_failover: 3 };
const SELECT = 1;
const ALL_GROUPS = 0xfffffffc;
const GROUPS_MAX = 0xffffff00;
const NONE = 0xffffffff;
const BUCKET_IDS: Readonly<Record<string, number>> = { first: 0xfffffffd, last: 0xfffffffe, all: 0xffffffff };
const METHOD_CHARS_MAX = 15;

interface Bucket {
  readonly bucketId: number | undefined;
  readonly weight: number | undefined;
  /** As in 1.0. */
  readonly watchPort: number | undefined;
  readonly watchGroup: number | undefined;
  readonly acts: readonly Act[];
}

interface Group {
  readonly command: GroupCommand;
  groupId: number | undefined;
  groupType: number | undefined;
  commandBucketId: number | undefined;
  method: { name: string; param: bigint; fields: readonly (readonly [Field, bigint])[] };
  buckets: readonly Bucket[];
}

/** Messages of groups, one a line; `#` begins a comment. Throws ParseError. */
export function parseGroupMods<V extends Version>(
  text: string,
  options: GroupOptions<V>,
): readonly Message<V>[] {
  const { version, command = 'add' } = options;
  const problems = new Problems();
  const groups = linesOf(text).map((line) => {
    const usable: Usable = { formats: ANY };
    const group = parseGroup(line, command, usable, problems);
    requireFormats(usable, formatsOf(version), line, problems);
    return group;
  });
  problems.finish();
  // V is the version in the options; the value of a type parameter cannot narrow it.
  return groups.map((group) => groupMod(group, version) as unknown as Message<V>);
}

/** The message of one group. Throws ParseError, also when the text has more lines. */
export function parseGroupMod<V extends Version>(text: string, options: GroupOptions<V>): Message<V> {
  const [first, second] = parseGroupMods(text, options);
  const line = linesOf(text)[1];
  if (first === undefined || second !== undefined)
    throw parseError(line ?? { text, at: 0 }, 'one group was expected');
  return first;
}

function parseGroup(line: Word, fallback: GroupCommand, usable: Usable, problems: Problems): Group {
  const first = /^\s*([a-z_]+)(?=[\s,]|$)/.exec(line.text);
  const isTold = first !== null && Object.hasOwn(COMMANDS, first[1] ?? '');
  const command = isTold ? (first[1] as GroupCommand) : fallback;
  const rest = isTold ? part(line, first[0].length) : line;
  const group: Group = {
    command,
    groupId: undefined,
    groupType: undefined,
    commandBucketId: undefined,
    method: { name: '', param: 0n, fields: [] },
    buckets: [],
  };
  const places = [...rest.text.matchAll(/(?:^|[\s,])bucket\s*[=:]/g)];
  const head = part(rest, 0, places[0]?.index ?? rest.text.length);
  for (const pair of problems.try(() => pairsOf(head)) ?? []) problems.try(() => takeWord(pair, group));
  group.buckets = places.map((place, index) => {
    const from = place.index + place[0].length;
    return parseBucket(part(rest, from, places[index + 1]?.index), usable, problems);
  });
  checkGroup(group, usable, rest, problems);
  return group;
}

function takeWord({ key, value }: Pair, group: Group): void {
  switch (key.text) {
    case 'group_id':
      group.groupId = value.text === 'all' ? ALL_GROUPS : number(value, 32, 'a group');
      if (group.groupId > GROUPS_MAX && group.groupId !== ALL_GROUPS)
        throw parseError(value, `a group is at most ${GROUPS_MAX}`);
      return;
    case 'type':
      group.groupType = TYPES[value.text];
      if (group.groupType === undefined)
        throw parseError(value, `the type is one of ${Object.keys(TYPES).join(', ')}`);
      return;
    case 'command_bucket_id':
      group.commandBucketId = BUCKET_IDS[value.text] ?? number(value, 32, 'a bucket');
      return;
    case 'selection_method':
      if (value.text.length > METHOD_CHARS_MAX)
        throw parseError(value, `a selection method has at most ${METHOD_CHARS_MAX} characters`);
      group.method.name = value.text;
      return;
    case 'selection_method_param':
      group.method.param = bigNumber(value, 64, 'a number');
      return;
    case 'fields':
      group.method.fields = pairsOf(value).map(hashField);
      return;
    default:
      throw parseError(
        key,
        'group_id, type, command_bucket_id, selection_method, fields or bucket was expected',
      );
  }
}

function hashField({ key, value, form }: Pair): readonly [Field, bigint] {
  const field = requireField(key);
  return [field, form === '' ? wholeMask(field) : parseBits({ ...field, isMaskable: true }, value).value];
}

const BUCKET_WORDS: ReadonlySet<string> = new Set(['weight', 'watch_port', 'watch_group', 'bucket_id']);

function parseBucket(word: Word, usable: Usable, problems: Problems): Bucket {
  const told = new Map<string, number>();
  const actions: Pair[] = [];
  for (const pair of problems.try(() => pairsOf(word)) ?? []) {
    const { key, value } = pair;
    if (BUCKET_WORDS.has(key.text)) {
      const isPort = key.text === 'watch_port';
      const found = problems.try(() =>
        isPort ? port(value) : number(value, key.text === 'weight' ? 16 : 32),
      );
      told.set(key.text, found ?? 0);
    } else if (key.text === 'actions' || key.text === 'action') {
      actions.push(...(problems.try(() => pairsOf(value)) ?? []));
    } else actions.push(pair);
  }
  const isEmpty = actions.length === 0 && !/(^|[\s,])actions?\s*=/.test(word.text);
  if (isEmpty) problems.add(word, 'the bucket has no actions=...');
  const bucketId = told.get('bucket_id');
  if (bucketId !== undefined && bucketId > GROUPS_MAX)
    problems.add(word, `a bucket is at most ${GROUPS_MAX}`);
  const acts = actsOf(actions, contextOf(usable, problems));
  refuseInstructions(acts, problems);
  return {
    bucketId,
    weight: told.get('weight'),
    watchPort: told.get('watch_port'),
    watchGroup: told.get('watch_group'),
    acts,
  };
}

function checkGroup(group: Group, usable: Usable, word: Word, problems: Problems): void {
  const { command, groupType, groupId, buckets } = group;
  if (command === 'insert_bucket' || command === 'remove_bucket') {
    usable.formats &= FORMAT.of15 | OF10_ANY;
    if (command === 'insert_bucket' && (group.commandBucketId ?? NONE) === NONE)
      problems.add(word, 'a bucket is needed: command_bucket_id=first, last or a number');
  } else if (group.commandBucketId !== undefined)
    problems.add(word, 'only insert-buckets and remove-buckets take command_bucket_id');
  const needsType = command === 'add' || command === 'modify' || command === 'add_or_mod';
  if (needsType && groupType === undefined) problems.add(word, 'type=... is missing');
  if (groupId === undefined && command !== 'delete') problems.add(word, 'group_id=... is missing');
  if (groupType === TYPES.indirect && needsType && buckets.length > 1)
    problems.add(word, 'an indirect group has one bucket');
  const { name, param, fields } = group.method;
  if (name === '' && param !== 0n) problems.add(word, 'selection_method_param needs selection_method');
  if (name !== 'hash' && fields.length > 0) problems.add(word, 'fields need selection_method=hash');
  if (groupType !== undefined && !needsType)
    problems.add(word, 'only a group that is added or modified has a type');
  for (const { weight, watchPort, watchGroup } of buckets) {
    if (weight !== undefined && groupType !== undefined && groupType !== SELECT)
      problems.add(word, 'only buckets of select have a weight');
    if (groupType === TYPES.ff && watchPort === undefined && watchGroup === undefined)
      problems.add(word, 'a bucket of fast_failover needs watch_port or watch_group');
  }
  if (!needsType && command !== 'insert_bucket' && buckets.length > 0)
    problems.add(word, 'what is deleted has no buckets');
}

function groupMod(group: Group, version: Version): Readonly<Record<string, unknown>> {
  const { command, groupType = 0, groupId = ALL_GROUPS, buckets } = group;
  const common = { command: COMMANDS[command], groupType, groupId };
  if (version !== '1.0' && version !== '1.5')
    return {
      type: 'group_mod',
      ...common,
      buckets: buckets.map((bucket) => bucket11(bucket, groupType, version)),
    };
  return {
    type: version === '1.0' ? 'nx_group_mod' : 'group_mod',
    ...common,
    commandBucketId: group.commandBucketId ?? NONE,
    buckets: numberedBuckets(buckets).map((bucket) => bucket15(bucket, groupType, version)),
    properties: methodOf(group, version),
  };
}

/** Before 1.5 every bucket says everything. */
function bucket11(bucket: Bucket, groupType: number, version: Version): unknown {
  const { weight = groupType === SELECT ? 1 : 0, watchPort, watchGroup = NONE, acts } = bucket;
  return {
    weight,
    watchPort: watchPort === undefined ? NONE : port32(watchPort),
    watchGroup,
    actions: encodeAll(acts, version),
  };
}

/** A bucket without a number gets the lowest that no other has. */
function numberedBuckets(buckets: readonly Bucket[]): readonly Bucket[] {
  const taken = new Set(buckets.map(({ bucketId }) => bucketId));
  let next = 0;
  return buckets.map((bucket) => {
    if (bucket.bucketId !== undefined) return bucket;
    while (taken.has(next)) next += 1;
    taken.add(next);
    return { ...bucket, bucketId: next };
  });
}

function bucket15(bucket: Bucket, groupType: number, version: Version): unknown {
  const { bucketId, weight = groupType === SELECT ? 1 : undefined, watchPort, watchGroup, acts } = bucket;
  const properties: WireAction[] = [];
  if (weight !== undefined) properties.push({ type: 'weight', weight });
  if (watchPort !== undefined) properties.push({ type: 'watch_port', watch: port32(watchPort) });
  if (watchGroup !== undefined) properties.push({ type: 'watch_group', watch: watchGroup });
  return { bucketId, actions: encodeAll(acts, version), properties };
}

function methodOf({ method }: Group, version: Version): readonly WireAction[] {
  if (method.name === '') return [];
  const order = (field: Field): number => FIELD_NAMES.indexOf(field.name);
  const sorted = [...method.fields].sort(([a], [b]) => order(a) - order(b));
  const fields = sorted.map(([field, mask]) => {
    const bytes = oxmValue('tun_metadata0', mask & wholeMask(fieldNamed(field.name) ?? field), field.size);
    return [keyOf(field, version), bytes] as const;
  });
  const { name, param } = method;
  return [{ type: 'ntr_selection_method', method: name, param, fields: Object.fromEntries(fields) }];
}
