import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { map, one, optional, set } from './schema.ts';
import {
  type AnyRow,
  applyChanges,
  difference,
  emptyTables,
  readUpdates,
  type TableRows,
  type Tables,
} from './table-state.ts';
import { type Atom, encodeValue, uuid } from './value.ts';

const database = {
  name: 'test',
  tables: {
    T: {
      word: one('string'),
      level: optional('integer'),
      tags: set('string'),
      notes: map('string', 'integer'),
    },
  },
};
const selection = { T: ['word', 'level', 'tags', 'notes'] };
const ids = [1, 2, 3, 4].map((digit) => uuid(`00000000-0000-4000-8000-00000000000${digit}`));

const letter = fc.constantFrom('a', 'b', 'c', 'd');
const rowValues = fc.record({
  word: letter,
  level: fc.option(fc.integer({ min: 0, max: 3 })),
  tags: fc.uniqueArray(letter),
  notes: fc
    .array(fc.tuple(letter, fc.integer({ min: 0, max: 2 })))
    .map((pairs): ReadonlyMap<Atom, Atom> => new Map(pairs)),
});
const tables: fc.Arbitrary<Tables> = fc.tuple(...ids.map(() => fc.option(rowValues))).map((rows) => {
  const present = rows.flatMap((row, index): [AnyRow['_uuid'], AnyRow][] => {
    const _uuid = ids[index];
    return row && _uuid ? [[_uuid, { ...row, _uuid } as AnyRow]] : [];
  });
  return new Map([['T', new Map(present)]]);
});

const rowsOf = (state: Tables): TableRows => state.get('T') ?? new Map();
/** Sets have no order. */
const plain = (state: Tables) =>
  Object.fromEntries(
    [...rowsOf(state)].map(([id, row]) => [
      id,
      { ...row, tags: [...(row.tags as readonly string[])].sort() },
    ]),
  );

/** What ovsdb-server would write for `modify`: differences of sets and maps, new values of the rest. */
function modification(before: AnyRow, after: AnyRow) {
  const [oldTags, newTags] = [before.tags as string[], after.tags as string[]];
  const toggled = [...oldTags, ...newTags].filter((tag) => oldTags.includes(tag) !== newTags.includes(tag));
  const [oldNotes, newNotes] = [before.notes as Map<string, number>, after.notes as Map<string, number>];
  const notes = [...new Set([...oldNotes.keys(), ...newNotes.keys()])]
    .filter((key) => oldNotes.get(key) !== newNotes.get(key))
    .map((key) => [key, newNotes.get(key) ?? oldNotes.get(key)]);
  return {
    ...(before.word === after.word ? {} : { word: after.word as string }),
    ...(before.level === after.level ? {} : { level: encodeValue(optional('integer'), after.level) }),
    ...(toggled.length === 0 ? {} : { tags: ['set', toggled] }),
    ...(notes.length === 0 ? {} : { notes: ['map', notes] }),
  };
}

describe('table state', () => {
  it('reaches the server’s rows through the differences of update2', () => {
    fc.assert(
      fc.property(tables, tables, (from, to) => {
        const [old, fresh] = [rowsOf(from), rowsOf(to)];
        const updates = Object.fromEntries(
          ids.flatMap((id): [string, object][] => {
            const [before, after] = [old.get(id), fresh.get(id)];
            if (before && after) return [[id, { modify: modification(before, after) }]];
            if (before) return [[id, { delete: null }]];
            if (!after) return [];
            const { _uuid, word, ...rest } = after;
            const encoded = Object.entries(rest).map(([name, value]) => {
              const column = database.tables.T[name as keyof typeof rest & 'tags'];
              return [name, encodeValue(column, value)];
            });
            return [[id, { insert: { word, ...Object.fromEntries(encoded) } }]];
          }),
        );
        const json = JSON.parse(JSON.stringify({ T: updates }));
        const reached = applyChanges(from, readUpdates(database, selection, from, 'update2', json));
        expect(plain(reached)).toEqual(plain(to));
      }),
    );
  });
  it('tells a resynchronisation as the changes that lead there, and no more', () => {
    fc.assert(
      fc.property(tables, tables, (from, to) => {
        const changes = difference(from, to);
        expect(plain(applyChanges(from, changes))).toEqual(plain(to));
        expect(difference(to, to)).toEqual([]);
      }),
    );
  });
  it('fills in the defaults that the server leaves out', () => {
    const [id] = ids;
    const json = { T: { [String(id)]: { initial: {} } } };
    const changes = readUpdates(database, selection, emptyTables(selection), 'update2', json);
    expect(changes.map(({ after }) => after)).toEqual([
      { _uuid: id, word: '', level: null, tags: [], notes: new Map() },
    ]);
  });
  it('refuses updates of rows and tables that it does not know', () => {
    const strange = [{ U: {} }, { T: { x: {} } }, { T: { [String(ids[0])]: { modify: {} } } }, []];
    for (const json of strange)
      expect(() => readUpdates(database, selection, emptyTables(selection), 'update2', json)).toThrowError(
        expect.objectContaining({ code: 'protocol_violation' }),
      );
  });
});
