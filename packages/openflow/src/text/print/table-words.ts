/** What tables can do, as every version tells it, in one form. */
import { OXM_FIELDS } from '../../generated/match-types.ts';
import type { Version } from '../../versions.ts';
import { ACTION_NAMES } from '../words/action-names.ts';
import { fieldOfKey } from '../words/fields.ts';
import { missText } from './table.ts';
import type { Of } from './types.ts';

export interface ActionWords {
  readonly actions: string;
  /** Names of fields that can be set. */
  readonly setField: readonly string[];
}

export interface InstructionWords {
  readonly nextTables: readonly number[];
  readonly instructions: string;
  readonly write: ActionWords;
  readonly apply: ActionWords;
}

export interface TableAbilities {
  readonly metadata?: { readonly match: bigint; readonly write: bigint };
  /** What becomes of packets that match nothing. */
  readonly miss?: string;
  readonly evicts?: boolean;
  readonly tellsVacancy?: boolean;
  readonly maxEntries: number;
  readonly others: InstructionWords;
  readonly missed: InstructionWords;
  /** Names of fields. */
  readonly matched: readonly string[];
  readonly masked: readonly string[];
  readonly wildcarded: readonly string[];
}

/** By number; the order is that in which a switch follows them. */
const INSTRUCTIONS: readonly (readonly [code: number, name: string])[] = [
  [6, 'meter'],
  [4, 'apply_actions'],
  [5, 'clear_actions'],
  [3, 'write_actions'],
  [2, 'write_metadata'],
  [7, 'stat_trigger'],
  [1, 'goto_table'],
];

const instructionsText = (has: (code: number) => boolean): string =>
  INSTRUCTIONS.filter(([code]) => has(code))
    .map(([, name]) => name)
    .join(' ');

const NOTHING: ActionWords = { actions: '', setField: [] };
export const NO_INSTRUCTIONS: InstructionWords = {
  nextTables: [],
  instructions: '',
  write: NOTHING,
  apply: NOTHING,
};

/** Fields by the bits that a wildcard of 1.0 may have, and by those of 1.1. */
const BITS_10: readonly (readonly [bits: number, name: string])[] = [
  [1, 'in_port'],
  [2, 'vlan_vid'],
  [4, 'eth_src'],
  [8, 'eth_dst'],
  [0x10, 'eth_type'],
  [0x20, 'nw_proto'],
  [0x40, 'tcp_src'],
  [0x80, 'tcp_dst'],
  [0x3f00, 'ip_src'],
  [0xfc000, 'ip_dst'],
  [0x100000, 'vlan_pcp'],
  [0x200000, 'nw_tos'],
];
const BITS_11: readonly (readonly [bits: number, name: string])[] = [
  'in_port',
  'vlan_vid',
  'vlan_pcp',
  'eth_type',
  'nw_tos',
  'nw_proto',
  'tcp_src',
  'tcp_dst',
  'mpls_label',
  'mpls_tc',
  '',
  'eth_src',
  'eth_dst',
  'ip_src',
  'ip_dst',
  'metadata',
]
  .map((name, bit) => [1 << bit, name] as const)
  .filter(([, name]) => name !== '');

const namesOf = (
  bits: number,
  table: readonly (readonly [bits: number, name: string])[],
): readonly string[] => table.filter(([bit]) => (bits & bit) !== 0).map(([, name]) => name);

/** 1.2 numbers fields as OXM does. */
function namesOfBitmap(bits: bigint): readonly string[] {
  return Object.entries(OXM_FIELDS).flatMap(([key, { oxmClass, number }]) => {
    if (oxmClass !== 0x8000 || ((bits >> BigInt(number)) & 1n) === 0n) return [];
    const name = fieldOfKey(key)?.name;
    return name === undefined || number > NUMBER_MAX_12 ? [] : [name];
  });
}

/** The last field of 1.2, ipv6_exthdr apart: mpls_tc. */
const NUMBER_MAX_12 = 35;

type Stats = Of<'table_stats_reply'>['tables'][number];

/** Undefined from 1.3 on, where the statistics are nothing else. */
export function abilitiesOfStats(table: Stats): TableAbilities | undefined {
  if (!('wildcards' in table)) return undefined;
  if (!('instructions' in table)) {
    const names = namesOf(table.wildcards, BITS_10);
    return {
      maxEntries: table.maxEntries,
      others: NO_INSTRUCTIONS,
      missed: NO_INSTRUCTIONS,
      matched: names,
      masked: [],
      wildcarded: names,
    };
  }
  const isBitmap = 'writeSetfields' in table;
  const others: InstructionWords = {
    nextTables: [],
    instructions: instructionsText((code) => ((table.instructions >>> code) & 1) === 1),
    write: {
      actions: ACTION_NAMES.of(table.writeActions),
      setField: isBitmap ? namesOfBitmap(table.writeSetfields) : [],
    },
    apply: {
      actions: ACTION_NAMES.of(table.applyActions),
      setField: isBitmap ? namesOfBitmap(table.applySetfields) : [],
    },
  };
  return {
    ...(isBitmap ? { metadata: { match: table.metadataMatch, write: table.metadataWrite } } : {}),
    miss: missText(table.config),
    maxEntries: table.maxEntries,
    others,
    missed: others,
    matched: isBitmap ? namesOfBitmap(table.matchFields) : namesOf(table.matchFields, BITS_11),
    masked: [],
    wildcarded: isBitmap ? namesOfBitmap(table.wildcards) : namesOf(table.wildcards, BITS_11),
  };
}

type Features = Of<'table_features_reply'>['tables'][number];
type Property = Features['properties'][number];

/** Bits of what a table of 1.4 or later can do. */
const EVICTION = 4;
const VACANCY = 8;

export function abilitiesOfFeatures(table: Features, version: Version): TableAbilities {
  const properties: readonly Property[] = table.properties;
  const list = <K extends string>(type: string, key: K): readonly unknown[] | undefined => {
    // The two conditions say that the key is there.
    for (const one of properties) if (one.type === type && key in one) return (one as never)[key];
    return undefined;
  };
  const fields = (type: string): readonly string[] | undefined =>
    (list(type, 'oxmIds') as readonly string[] | undefined)?.map(
      (id) => fieldOfKey(id.replace(/\/mask$/, ''))?.name ?? id,
    );
  const codes = (type: string): readonly number[] | undefined =>
    (list(type, 'ids') as readonly { readonly code: number }[] | undefined)?.map(({ code }) => code);
  // What is not said of missed packets is as for the others.
  const part = (miss: '' | '_miss'): InstructionWords => {
    const either = <T>(read: (type: string) => T | undefined, type: string): T | undefined =>
      read(`${type}${miss}`) ?? read(type);
    const instructions = either(codes, 'instructions') ?? [];
    const actions = (which: 'write' | 'apply'): ActionWords => ({
      actions: actionsText(either(codes, `${which}_actions`) ?? []),
      setField: either(fields, `${which}_setfield`) ?? [],
    });
    return {
      nextTables:
        either((type) => list(type, 'tableIds') as readonly number[] | undefined, 'next_tables') ?? [],
      instructions: instructionsText((code) => instructions.includes(code)),
      write: actions('write'),
      apply: actions('apply'),
    };
  };
  const matched = (list('match', 'oxmIds') ?? []) as readonly string[];
  const name = (id: string): string => fieldOfKey(id.replace(/\/mask$/, ''))?.name ?? id;
  const abilities = 'capabilities' in table ? table.capabilities : table.config;
  return {
    metadata: { match: table.metadataMatch, write: table.metadataWrite },
    ...(version === '1.4' || version === '1.5'
      ? { evicts: (abilities & EVICTION) !== 0, tellsVacancy: (abilities & VACANCY) !== 0 }
      : {}),
    maxEntries: table.maxEntries,
    others: part(''),
    missed: part('_miss'),
    matched: matched.map(name),
    masked: matched.filter((id) => id.endsWith('/mask')).map(name),
    wildcarded: fields('wildcards') ?? [],
  };
}

const EXPERIMENTER = 0xffff;

const actionsText = (codes: readonly number[]): string =>
  ACTION_NAMES.ofCodes(codes.filter((code) => code !== EXPERIMENTER));
