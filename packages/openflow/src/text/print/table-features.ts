/** What tables count and what they can. ovs-ofctl(8), `dump-tables` and `dump-table-features`. */
import type { Version } from '../../versions.ts';
import { fieldListText, rangesText } from '../words/field-lists.ts';
import { hexOrZero } from '../words/numbers.ts';
import {
  type ActionWords,
  abilitiesOfFeatures,
  abilitiesOfStats,
  type InstructionWords,
  NO_INSTRUCTIONS,
  type TableAbilities,
} from './table-words.ts';
import type { Of } from './types.ts';

interface Table {
  readonly tableId: number;
  readonly name: string;
  /** One line; '' when nothing is counted. */
  readonly counters: string;
  readonly abilities: TableAbilities | undefined;
}

export const tableStatsText = ({ tables }: Of<'table_stats_reply'>): string =>
  tablesText(
    tables.map((table) => ({
      tableId: table.tableId,
      name: '',
      counters: `    active=${table.activeCount}, lookup=${table.lookupCount}, matched=${table.matchedCount}`,
      abilities: abilitiesOfStats(table),
    })),
  );

export const tableFeaturesText = (
  { tables }: Of<'table_features_reply' | 'table_features_request'>,
  version: Version,
): string =>
  tablesText(
    tables.map((table) => ({
      tableId: table.tableId,
      name: table.name,
      counters: '',
      abilities: abilitiesOfFeatures(table, version),
    })),
  );

const same = (a: unknown, b: unknown): boolean => plain(a) === plain(b);
const plain = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? `${inner}n` : inner)) ?? '';

/** A table that is like the one before is only named, and several of them together. */
function tablesText(tables: readonly Table[]): string {
  const blocks: string[] = [];
  for (let at = 0; at < tables.length; ) {
    const table = tables[at];
    if (table === undefined) break;
    const alike = countAlike(tables, at);
    if (alike > 0) {
      const last = tables[at + alike - 1]?.tableId;
      blocks.push(
        alike === 1
          ? `\n  table ${table.tableId}: ditto\n`
          : `\n  tables ${table.tableId}...${last}: ditto\n`,
      );
      at += alike;
    } else {
      blocks.push(`\n${tableText(table, tables[at - 1])}\n`);
      at += 1;
    }
  }
  return blocks.join('');
}

/** How many tables from here on are like the one before. */
function countAlike(tables: readonly Table[], from: number): number {
  const before = tables[from - 1];
  if (before === undefined) return 0;
  let end = from;
  for (let table = tables[end]; table !== undefined; table = tables[++end]) {
    const isAlike =
      table.name === '' &&
      before.name === '' &&
      table.counters === before.counters &&
      same(table.abilities, seenFrom(table.tableId, before.abilities));
    if (!isAlike) break;
  }
  return end - from;
}

/** Packets only go to later tables: that a table leads to one more than the next does, says nothing. */
function seenFrom(tableId: number, abilities: TableAbilities | undefined): TableAbilities | undefined {
  if (abilities === undefined) return undefined;
  const later = (words: InstructionWords): InstructionWords => ({
    ...words,
    nextTables: words.nextTables.filter((next) => next > tableId),
  });
  return { ...abilities, others: later(abilities.others), missed: later(abilities.missed) };
}

function tableText(table: Table, before: Table | undefined): string {
  const name = table.name === '' ? '' : ` ("${table.name}")`;
  return [
    `  table ${table.tableId}${name}:`,
    ...(table.counters === '' ? [] : [table.counters]),
    ...(table.abilities === undefined
      ? []
      : abilityLines(table.abilities, seenFrom(table.tableId, before?.abilities))),
  ].join('\n');
}

const supported = (is: boolean): string => `${is ? '' : 'not '}supported`;

function abilityLines(own: TableAbilities, before: TableAbilities | undefined): readonly string[] {
  if (before !== undefined && same(own, before)) return ['    (same features)'];
  const { metadata, miss, evicts, tellsVacancy } = own;
  const hasMetadata = metadata !== undefined && (metadata.match !== 0n || metadata.write !== 0n);
  return [
    ...(hasMetadata
      ? [`    metadata: match=${hexOrZero(metadata.match)} write=${hexOrZero(metadata.write)}`]
      : []),
    ...(miss === undefined ? [] : [`    config=${miss}`]),
    ...(evicts === undefined ? [] : [`    eviction: ${supported(evicts)}`]),
    ...(tellsVacancy === undefined ? [] : [`    vacancy events: ${supported(tellsVacancy)}`]),
    `    max_entries=${own.maxEntries}`,
    ...instructionSections(own, before),
    ...matchingLines(own, before),
  ];
}

function instructionSections(own: TableAbilities, before: TableAbilities | undefined): readonly string[] {
  const { others, missed } = own;
  if (same(others, NO_INSTRUCTIONS) && same(missed, NO_INSTRUCTIONS)) return [];
  if (before !== undefined && same([others, missed], [before.others, before.missed])) {
    return ['    (same instructions)'];
  }
  if (same(others, missed)) {
    return ['    instructions (table miss and others):', ...instructionLines(others, before?.others)];
  }
  return [
    '    instructions (other than table miss):',
    ...instructionLines(others, before?.others),
    '    instructions (table miss):',
    ...instructionLines(missed, before?.missed),
  ];
}

function instructionLines(own: InstructionWords, before: InstructionWords | undefined): readonly string[] {
  const head = [
    ...(own.nextTables.length === 0 ? [] : [`      next tables: ${rangesText(own.nextTables)}`]),
    ...(own.instructions === '' ? [] : [`      instructions: ${own.instructions}`]),
  ];
  const { write, apply } = own;
  const hasFields = write.setField.length > 0 || apply.setField.length > 0;
  if (before !== undefined && hasFields && same([write, apply], [before.write, before.apply])) {
    return [...head, '      (same actions)'];
  }
  if (same(write, apply)) return [...head, ...actionLines('Write-Actions and Apply-Actions', write)];
  return [...head, ...actionLines('Write-Actions', write), ...actionLines('Apply-Actions', apply)];
}

function actionLines(title: string, { actions, setField }: ActionWords): readonly string[] {
  const isNone = actions === '' || actions === '<none>';
  if (isNone && setField.length === 0) return [];
  return [
    `      ${title} features:`,
    ...(isNone ? [] : [`        actions: ${actions}`]),
    ...(setField.length === 0 ? [] : [`        supported on Set-Field: ${fieldListText(setField)}`]),
  ];
}

function matchingLines(own: TableAbilities, before: TableAbilities | undefined): readonly string[] {
  const of = (table: TableAbilities): unknown => [table.matched, table.masked, table.wildcarded];
  if (before !== undefined && same(of(own), of(before))) return ['    (same matching)'];
  const masked = new Set(own.masked);
  const wildcarded = new Set(own.wildcarded);
  const exactOrAny = own.matched.filter((name) => !masked.has(name) && wildcarded.has(name));
  const exact = own.matched.filter((name) => !masked.has(name) && !wildcarded.has(name));
  const line = (title: string, names: Iterable<string>): readonly string[] => {
    const text = fieldListText(names);
    return text === '' ? [] : [`      ${title}: ${text}`];
  };
  const lines = [
    ...line('arbitrary mask', masked),
    ...line('exact match or wildcard', exactOrAny),
    ...line('must exact match', exact),
  ];
  return lines.length === 0 ? [] : ['    matching:', ...lines];
}
