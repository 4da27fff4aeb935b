/** Tables: how they are set, what becomes of full ones. ovs-ofctl(8), `mod-table`, `dump-table-desc`. */
import type { Version } from '../../versions.ts';
import { type BitNames, bitsText, bytesText, hex } from '../words/numbers.ts';
import type { Of } from './types.ts';

const ALL_TABLES = 0xff;
const EVICTION = 4;
const VACANCY = 8;
const MISSES: readonly string[] = ['controller', 'continue', 'drop', 'controller'];
const EVICTION_FLAGS: BitNames = [
  [1, 'OTHER'],
  [2, 'IMPORTANCE'],
  [4, 'LIFETIME'],
];

export const missText = (config: number): string => MISSES[config & 3] ?? 'controller';

export function tableModText(message: Of<'table_mod'>, version: Version): string {
  const { tableId, config } = message;
  const table = tableId === ALL_TABLES ? 'table_id: ALL_TABLES' : `table_id=${tableId}`;
  // 1.3 has taken away what 1.1 and 1.2 could set.
  if (!('properties' in message)) {
    return version === '1.3' ? table : `${table}, flow_miss_config=${missText(config)}`;
  }
  const { flags, down, up } = wordsOf(message.properties);
  // Flags that are given as none stand for an eviction that nobody asks about.
  const eviction = flags === 0 ? [] : [`eviction=${onOff(config & EVICTION)}${evictionFlags(flags)}`];
  const vacancy = `vacancy=${onOff(config & VACANCY)}`;
  return [
    table,
    ...eviction,
    (config & VACANCY) === 0 || down === undefined ? vacancy : `${vacancy} vacancy:${down},${up}`,
  ].join(', ');
}

const evictionFlags = (flags: number | undefined): string =>
  flags === undefined ? '' : ` eviction_flags=${bitsText(flags, EVICTION_FLAGS, '|')}`;

const onOff = (bits: number): string => (bits === 0 ? 'off' : 'on');

type Desc = Of<'table_desc_reply'>['tables'][number];

interface TableWords {
  readonly flags?: number;
  readonly down?: number;
  readonly up?: number;
  readonly vacancy?: number;
  readonly others: readonly string[];
}

function wordsOf(properties: Desc['properties']): TableWords {
  let words: TableWords = { others: [] };
  for (const property of properties) {
    if (property.type === 'eviction') words = { ...words, flags: property.flags };
    else if (property.type === 'vacancy') {
      words = { ...words, down: property.vacancyDown, up: property.vacancyUp, vacancy: property.vacancy };
    } else {
      const who = property.type === 'unknown' ? property.code : hex(property.experimenter);
      words = { ...words, others: [...words.others, `   property ${who}=0x${bytesText(property.data)}`] };
    }
  }
  return words;
}

function descriptionText({ tableId, config, properties }: Desc): string {
  const { flags, down, up, vacancy, others } = wordsOf(properties);
  return [
    `  table ${tableId}:`,
    `   eviction=${onOff(config & EVICTION)} eviction_flags=${flags === undefined ? '(default)' : bitsText(flags, EVICTION_FLAGS, '|')}`,
    `   vacancy=${onOff(config & VACANCY)}${(config & VACANCY) === 0 ? '' : ` vacancy_down=${down ?? 0}% vacancy_up=${up ?? 0}% vacancy=${vacancy ?? 0}%`}`,
    ...others,
  ].join('\n');
}

export const tableDescText = ({ tables }: Of<'table_desc_reply'>): string =>
  tables.map((table) => `\n${descriptionText(table)}\n`).join('');

const STATUS_REASONS: ReadonlyMap<number, string> = new Map([
  [3, 'VACANCY_DOWN'],
  [4, 'VACANCY_UP'],
]);

export const tableStatusText = ({ reason, table }: Of<'table_status'>): string =>
  `reason=${STATUS_REASONS.get(reason) ?? reason}\ntable_desc:-\n${descriptionText(table)}`;
