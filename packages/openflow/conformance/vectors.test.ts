/** The messages by hand: they are well formed, and come back byte for byte. Needs no other program. */
import { describe, expect, it } from 'vitest';
import { decodeMessage, encodeMessage } from '../src/index.ts';
import { readVectors } from './vectors.ts';

describe.each(readVectors().map(({ title, hex }) => [title, hex] as const))('%s', (_, hex) => {
  const bytes = Uint8Array.from(Buffer.from(hex, 'hex'));

  it('is as long as its header says', () => {
    expect(Buffer.from(bytes).readUInt16BE(2)).toBe(bytes.length);
  });

  it('decodes and encodes to the same bytes', () => {
    const { version, xid, message } = decodeMessage(bytes);
    expect(Buffer.from(encodeMessage(message, xid, version)).toString('hex')).toBe(hex);
    expect(message.type).not.toMatch(/^unknown/);
  });
});
