/** Messages that no words are known for: their fields under their names. */
import type { Match } from '../../generated/match-types.ts';
import { bytesText, hex } from '../words/numbers.ts';
import { formatMatch } from './match.ts';

/** Longer lists and bytes are cut: a line of a log is not the message. */
const ITEMS_MAX = 64;
const DEPTH_MAX = 6;

export function genericText(message: object): string {
  return Object.entries(message)
    .filter(([key, value]) => key !== 'type' && value !== undefined && !(key === 'flags' && value === 0))
    .map(([key, value]) => `${snakeCase(key)}=${valueText(key, value, 0)}`)
    .join(' ');
}

const snakeCase = (key: string): string => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

function valueText(key: string, value: unknown, depth: number): string {
  if (value instanceof Uint8Array) return `0x${bytesText(value)}`;
  if (typeof value === 'bigint') return hex(value);
  if (key === 'experimenter' && typeof value === 'number') return hex(value);
  if (typeof value !== 'object' || value === null) return String(value);
  if (depth >= DEPTH_MAX) return '...';
  if (Array.isArray(value)) {
    const items = value.slice(0, ITEMS_MAX).map((item) => valueText('', item, depth + 1));
    return `[${[...items, ...(value.length > ITEMS_MAX ? ['...'] : [])].join(',')}]`;
  }
  if (key === 'match') return `{${formatMatch(value as Match)}}`;
  const parts = Object.entries(value).map(
    ([name, item]) => `${snakeCase(name)}=${valueText(name, item, depth + 1)}`,
  );
  return `{${parts.join(',')}}`;
}
