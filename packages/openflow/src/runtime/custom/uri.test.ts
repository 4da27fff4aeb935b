import { expect, it } from 'vitest';
import { EncodeError } from '../protocol-error.ts';
import { Writer } from '../writer.ts';
import { decodeUri, encodeUri } from './uri.ts';

const encoded = (uri: string): Uint8Array => {
  const writer = new Writer();
  encodeUri(writer, uri);
  return writer.take();
};

it('every byte comes back', () => {
  const all = Uint8Array.from({ length: 256 }, (_, byte) => byte);
  const uri = decodeUri(new DataView(all.buffer), 0, all.length);
  expect(encoded(uri)).toEqual(all);
});

it('a URI is read up to the end that is given', () => {
  const bytes = encoded('tcp:10.0.0.1:6653');
  expect(decodeUri(new DataView(bytes.buffer), 4, 12)).toBe('10.0.0.1');
});

it('a character that is no byte is refused', () => {
  expect(() => encoded('tcp:\u20ac')).toThrow(EncodeError);
});
