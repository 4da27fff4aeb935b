import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Json } from '../json.ts';
import { parseServerSchema } from '../server-schema.ts';
import { tableSource } from './table-source.ts';

const COMMITTED = new URL('../generated/open-vswitch-tables.ts', import.meta.url);
const INSTALLED = '/usr/share/openvswitch/vswitch.ovsschema';

const committed = readFileSync(COMMITTED, 'utf8');
const installed = existsSync(INSTALLED)
  ? parseServerSchema(JSON.parse(readFileSync(INSTALLED, 'utf8')) as Json)
  : null;
const fits = installed !== null && committed.includes(`schema version ${installed.version}.`);
if (!fits)
  console.warn(
    `skipped: comparing generated tables, because ${installed ? `the installed schema is ${installed.version}` : `${INSTALLED} is missing`}`,
  );

describe('the generator', () => {
  it('writes each shape of column, with the words that are allowed', () => {
    const schema = parseServerSchema({
      name: 'D',
      version: '1.2.3',
      tables: {
        T: {
          columns: {
            a: { type: 'string' },
            b: { type: { key: { type: 'uuid', refTable: 'T' }, min: 0, max: 1 } },
            c: { type: { key: { type: 'string', enum: ['set', ['up', 'down']] }, min: 0, max: 'unlimited' } },
            link_speed: { type: { key: 'integer', min: 0, max: 1 } },
            d: { type: { key: 'integer', value: 'real', min: 0, max: 'unlimited' } },
          },
        },
      },
    });
    expect(tableSource(schema, 'D').split('\n').slice(6, 12)).toEqual([
      '    T: {',
      "      a: one('string'),",
      "      b: optional('uuid'),",
      "      c: set('string', ['up', 'down']),",
      "      link_speed: optional('bigint'),",
      "      d: map('integer', 'real'),",
    ]);
  });
  it.skipIf(!fits)('gives what is committed for the installed Open vSwitch', () => {
    expect(installed && tableSource(installed, 'OPEN_VSWITCH')).toBe(committed);
  });
});
