/** Where fuzzing begins: messages that other implementations sent, and vectors by hand, in every version. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseHex } from '../src/testing/fixture-files.ts';

const FOLDER = join(import.meta.dirname, '..', 'fixtures');

export const seeds = (): readonly Uint8Array[] =>
  readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.hex'))
    .sort()
    .map((file) => parseHex(readFileSync(join(FOLDER, file), 'utf8')));

/** One message a line, in hexadecimal. */
export const seedsOf = (file: string): readonly Uint8Array[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => /^([0-9a-f]{2})+$/i.test(line.trim()))
    .map((line) => parseHex(line));
