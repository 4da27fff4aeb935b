/** JSON as data: what `parseJson` returns and `jsonSource` writes. */

/** An integer that a double cannot hold exactly is a bigint; every other number is a number. */
export type Json = null | boolean | number | bigint | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

export const isJsonObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const isJsonArray = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);

/** The text of an error field, whatever shape the peer gave it. */
export const jsonText = (value: Json | undefined): string =>
  typeof value === 'string' ? value : value === undefined ? '' : jsonSource(value);

/** `JSON.stringify` that also knows bigints; only a value that holds one pays for it. */
export function jsonSource(value: Json): string {
  try {
    return JSON.stringify(value);
  } catch {
    return exactSource(value);
  }
}

function exactSource(value: Json): string {
  if (typeof value === 'bigint') return String(value);
  if (isJsonArray(value)) return `[${value.map(exactSource).join(',')}]`;
  if (!isJsonObject(value)) return JSON.stringify(value);
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${exactSource(member)}`).join(',')}}`;
}
