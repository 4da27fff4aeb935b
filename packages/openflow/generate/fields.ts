/** What each word of the schema means in TypeScript: its width on the wire, its properties, its readers and writers. */
import type { Field, ScalarWire } from '../schema/dsl.ts';
import { literal, pascal } from './names.ts';

export interface Property {
  readonly name: string;
  readonly type: string;
  readonly note: string;
  /** Text of the value that builders put in when it is left out. */
  readonly initial?: string;
  /** May be absent in the data too. */
  readonly optional?: boolean;
}

interface ScalarCode {
  readonly width: number;
  readonly type: string;
  /** DataView methods, and the check of a value; or a pair of functions `read*` and `write*`. */
  readonly access:
    | { readonly get: string; readonly set: string; readonly check: string }
    | { readonly name: string };
}

const plain = (width: number, type: string, method: string, check: string): ScalarCode => ({
  width,
  type,
  access: { get: `get${method}`, set: `set${method}`, check },
});
const own = (width: number, type: string, name: string): ScalarCode => ({ width, type, access: { name } });

export const SCALARS: Readonly<Record<ScalarWire, ScalarCode>> = {
  u8: plain(1, 'number', 'Uint8', 'u8'),
  u16: plain(2, 'number', 'Uint16', 'u16'),
  u32: plain(4, 'number', 'Uint32', 'u32'),
  u64: plain(8, 'bigint', 'BigUint64', 'u64'),
  mac: own(6, 'string', 'Mac'),
  dpid: own(8, 'string', 'Dpid'),
  ipv4: own(4, 'string', 'Ipv4'),
  ipv6: own(16, 'string', 'Ipv6'),
  oxm_id: own(4, 'OxmId', 'OxmId'),
  bit_range: own(2, 'BitRange', 'BitRange'),
};

/** Runtime functions of the fields that decode up to a given end, by the end of their names. */
export const NUMBERS = { u8: 'Numbers8', u16: 'Numbers16', u32: 'Numbers32', oxm_id: 'OxmIds' } as const;
export const MATCHES = { oxm: 'Match', of10: 'Match10', of11: 'Match11', nxm: 'NxMatch' } as const;
export const MATCH10_BYTES = 40;

/** Bytes on the wire, or undefined when they vary. */
export function widthOf(field: Field): number | undefined {
  switch (field.kind) {
    case 'scalar':
      return SCALARS[field.wire].width;
    case 'pad':
    case 'text':
      return field.size;
    case 'length_of':
    case 'count_of':
    case 'self_length':
      return 2;
    default:
      return undefined;
  }
}

/** Size of a layout, or undefined when it varies. */
export function fixedSizeOf(fields: readonly Field[]): number | undefined {
  let size = 0;
  for (const field of fields) {
    const width = widthOf(field);
    if (width === undefined) return undefined;
    size += width;
  }
  return size;
}

export function propertiesOf(field: Field): readonly Property[] {
  const one = (type: string, initial?: string): readonly Property[] => {
    const { name, note = '' } = field as { readonly name: string; readonly note?: string };
    return [{ name, type, note, ...(initial === undefined ? {} : { initial }) }];
  };
  switch (field.kind) {
    case 'scalar':
      return one(SCALARS[field.wire].type, field.initial === undefined ? undefined : literal(field.initial));
    case 'text':
      return one('string', "''");
    case 'match':
      return one('Match', field.initial ?? '{}');
    case 'stats':
      return one('Stats', '{}');
    case 'list':
      return one(`readonly ${pascal(field.of)}[]`, '[]');
    case 'numbers':
      return one(field.wire === 'oxm_id' ? 'readonly OxmId[]' : 'readonly number[]', '[]');
    case 'oxm_header':
      return one('OxmId');
    case 'inline':
      return one(pascal(field.of));
    case 'bitmap':
      return one('readonly number[]');
    case 'rest':
      return one('Uint8Array', 'new Uint8Array(0)');
    case 'embedded':
      return one('Envelope');
    case 'custom':
      return one(field.type, field.initial);
    default:
      return [];
  }
}
