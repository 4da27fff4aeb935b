/** Writes the tables of an .ovsschema as TypeScript: the source of `generated/`. */
import type { ServerColumn, ServerSchema } from '../server-schema.ts';

/** `docs` names where the schema came from, for the head of the file. */
export function tableSource(schema: ServerSchema, constant: string): string {
  const tables = [...schema.tables].map(
    ([table, columns]) =>
      `    ${table}: {\n${[...columns].map(([name, column]) => `      ${name}: ${columnSource(column)},\n`).join('')}    },\n`,
  );
  return [
    `/** Database ${schema.name}, schema version ${schema.version}. Generated from its .ovsschema; do not edit. */\n`,
    `import { map, one, optional, set } from '../schema.ts';\n\n`,
    `export const ${constant} = {\n  name: '${schema.name}',\n  tables: {\n${tables.join('')}  },\n} as const;\n`,
  ].join('');
}

function columnSource({ shape, key, value, words }: ServerColumn): string {
  if (shape === 'map') return `map('${key}', '${value}')`;
  const list = words.length > 0 ? `, [${words.map((word) => `'${word}'`).join(', ')}]` : '';
  return `${shape}('${key}'${list})`;
}
