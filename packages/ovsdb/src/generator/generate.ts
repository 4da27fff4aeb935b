/** `npm run generate -w @oflib/ovsdb -- SCHEMA_FILE`: rewrites `generated/open-vswitch-tables.ts`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseJson } from '../json-parse.ts';
import { parseServerSchema } from '../server-schema.ts';
import { tableSource } from './table-source.ts';

const INSTALLED_SCHEMA = '/usr/share/openvswitch/vswitch.ovsschema';

const schema = parseServerSchema(parseJson(readFileSync(process.argv[2] ?? INSTALLED_SCHEMA, 'utf8')));
const target = new URL('../generated/open-vswitch-tables.ts', import.meta.url);
writeFileSync(target, tableSource(schema, 'OPEN_VSWITCH'));
