import { expect, it } from 'vitest';
import { Writer } from '../writer.ts';
import { decodeHashFields, encodeHashFields } from './hash-fields.ts';

it('fields come back, with the bits that go into the hash as values', () => {
  const fields = { ipv4_src: '255.255.255.0', tcp_dst: 0xff00 };
  const writer = new Writer();
  encodeHashFields(writer, fields);
  const bytes = writer.take();
  expect(Buffer.from(bytes).toString('hex')).toBe('80001604ffffff0080001c02ff00');
  expect(decodeHashFields(new DataView(bytes.buffer), 0, bytes.length)).toEqual(fields);
});
