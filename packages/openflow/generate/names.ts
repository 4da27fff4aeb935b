/** Names in the generated text, made from the snake_case tags of the schema. */
import type { Version } from '../schema/versions.ts';

export const pascal = (tag: string): string =>
  tag
    .split('_')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');

export const camel = (tag: string): string => {
  const name = pascal(tag);
  return name.charAt(0).toLowerCase() + name.slice(1);
};

export const kebab = (tag: string): string => tag.replaceAll('_', '-');

/** `error` would hide the global Error. */
export const messageInterface = (type: string): string => (type === 'error' ? 'ErrorMessage' : pascal(type));
export const messageBuilder = (type: string): string => (type === 'error' ? 'errorMessage' : camel(type));
export const elementInterface = (union: string, member: string): string => pascal(member) + pascal(union);

export const hex = (value: number, digits: number): string => `0x${value.toString(16).padStart(digits, '0')}`;

/** A number as a reader expects it: small ones decimal, masks and reserved ones hexadecimal. */
export function literal(value: number | bigint | string): string {
  if (typeof value === 'string') return `'${value}'`;
  if (typeof value === 'bigint') return value > 0xffffn ? `0x${value.toString(16)}n` : `${value}n`;
  return value >= 0x8000 ? `0x${value.toString(16)}` : `${value}`;
}

/** The folder of a version's generated files: of13. */
export const folderOf = (version: Version): string => `of${version.replace('.', '')}`;
