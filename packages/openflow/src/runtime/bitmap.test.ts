import { describe, expect, it } from 'vitest';
import { decodeMessage, encodeMessage } from '../codec.ts';
import { EncodeError } from './protocol-error.ts';

describe('a bitmap of versions', () => {
  it('is written again with the bits that stand for no version', () => {
    const bytes = new Uint8Array(8 + 4 + 40);
    bytes.set([4, 0, 0, bytes.length, 0, 0, 0, 7, 0, 1, 0, 44]);
    bytes.set([0, 0, 0, 16], 12);
    bytes.set([128, 0, 0, 1], 48);
    const { message, xid, version } = decodeMessage(bytes);
    expect(message).toMatchObject({ elements: [{ versions: [4, 288, 319] }] });
    // The element has 44 bytes, its padding makes them 48.
    expect([...encodeMessage(message, xid, version).subarray(8, 52)]).toEqual([...bytes.subarray(8)]);
  });

  it('of the largest hello that there is neither fails nor takes more than its bits', () => {
    const versions = [524_223];
    const elements = [{ type: 'version_bitmap' as const, versions }];
    const bytes = encodeMessage(
      { type: 'hello', elements: [{ type: 'version_bitmap', versions: [500_000] }] },
      1,
    );
    bytes.fill(255, 12, -4);
    expect(decodeMessage(bytes).message).toMatchObject({ type: 'hello' });
    const { message } = decodeMessage(bytes);
    expect(encodeMessage(message, 1)).toEqual(bytes);
    expect(() => encodeMessage({ type: 'hello', elements }, 1)).toThrow(EncodeError);
    expect(() =>
      encodeMessage({ type: 'hello', elements: [{ type: 'version_bitmap', versions: [-1] }] }, 1),
    ).toThrow(EncodeError);
  });
});
