/** Reads the recorded fixtures: hexadecimal bytes, with comments after `#`. */
import { readdirSync, readFileSync } from 'node:fs';

export interface Fixture {
  /** For example `flow_mod.reserved`. */
  readonly name: string;
  readonly type: string;
  readonly bytes: Uint8Array;
}

const folder = new URL('../../fixtures/recorded/', import.meta.url);

export function parseHex(text: string): Uint8Array {
  const digits = text.replace(/#.*$/gm, '').replace(/\s+/g, '');
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

export function readFixtures(): readonly Fixture[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.hex'))
    .sort()
    .map((file) => {
      const name = file.slice(0, -'.hex'.length);
      const bytes = parseHex(readFileSync(new URL(file, folder), 'utf8'));
      return { name, type: name.split('.')[0] ?? '', bytes };
    });
}
