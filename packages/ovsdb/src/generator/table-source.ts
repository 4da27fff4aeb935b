/** Writes the tables of an .ovsschema as TypeScript: the source of `generated/`. */
import type { AtomType } from '../schema.ts';
import type { ServerColumn, ServerSchema } from '../server-schema.ts';

/**
 * Columns whose integers are read as bigint: counters of bytes and packets, and bit/s, run on without a bound. Every
 * other integer of Open vSwitch is a number of a thing (a port, a VLAN, a queue) or a setting far below 2^53.
 */
const BIGINT_COLUMNS: ReadonlySet<string> = new Set(['statistics', 'rstp_statistics', 'link_speed']);

/** `constant` is the name under which the tables are exported. */
export function tableSource(schema: ServerSchema, constant: string): string {
  const tables = [...schema.tables].map(
    ([table, columns]) =>
      `    ${table}: {\n${[...columns].map(([name, column]) => `      ${name}: ${columnSource(name, column)},\n`).join('')}    },\n`,
  );
  return [
    `/** Database ${schema.name}, schema version ${schema.version}. Generated from its .ovsschema; do not edit. */\n`,
    `import { map, one, optional, set } from '../schema.ts';\n\n`,
    `export const ${constant} = {\n  name: '${schema.name}',\n  tables: {\n${tables.join('')}  },\n} as const;\n`,
  ].join('');
}

function columnSource(name: string, { shape, key, value, words }: ServerColumn): string {
  const typeOf = (type: AtomType) => (type === 'integer' && BIGINT_COLUMNS.has(name) ? 'bigint' : type);
  if (shape === 'map') return `map('${typeOf(key)}', '${typeOf(value ?? 'string')}')`;
  const list = words.length > 0 ? `, [${words.map((word) => `'${word}'`).join(', ')}]` : '';
  return `${shape}('${typeOf(key)}'${list})`;
}
