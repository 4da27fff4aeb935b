import { describe, expect, it } from 'vitest';
import { decodeMessage, EncodeError, encodeMessage, of14, ProtocolError } from '../index.ts';

const echo = { version: 5, xid: 7, message: of14.echoRequest({ data: Uint8Array.of(1, 2, 3) }) };
const added = of14.bundleAddMessage({ bundleId: 1, message: echo });
const inBundle = (inner: Uint8Array): Uint8Array => {
  const bytes = new Uint8Array(16 + inner.length);
  bytes.set([5, 34, 0, bytes.length, 0, 0, 0, 7]);
  bytes.set(inner, 16);
  return bytes;
};
const refusalOf = (bytes: Uint8Array): ProtocolError['detail'] | undefined => {
  try {
    decodeMessage(bytes);
    return undefined;
  } catch (error) {
    if (error instanceof ProtocolError) return error.detail;
    throw error;
  }
};

describe('a message inside a message', () => {
  it('keeps its version and xid', () => {
    const bytes = encodeMessage(added, 9, '1.4');
    expect(decodeMessage(bytes)).toEqual({ version: 5, xid: 9, message: added });
  });

  it('is followed by zeros up to 8 bytes when properties come behind it', () => {
    const properties = [of14.bundleProperty.experimenter({ experimenter: 1, expType: 2 })];
    const bytes = encodeMessage({ ...added, properties }, 9, '1.4');
    expect(bytes.length).toBe(16 + 16 + 16);
    expect(decodeMessage(bytes).message).toEqual({ ...added, properties });
  });

  it('is refused as a bad length when it is longer than the outer one, or shorter than a header', () => {
    for (const length of [12, 7, 0]) {
      const refusal = refusalOf(inBundle(Uint8Array.of(5, 2, 0, length, 0, 0, 0, 7)));
      expect(refusal).toEqual({
        name: 'OFPBFC_MSG_BAD_LEN',
        ofType: 17,
        ofCode: 8,
        offset: 16,
        path: 'bundle_add_message.message',
      });
    }
  });

  it('is not looked for in fewer bytes than a header', () => {
    expect(refusalOf(inBundle(Uint8Array.of(5, 2, 0)))).toMatchObject({ ofType: 17, ofCode: 8, offset: 16 });
  });

  it('tells what is wrong with it, and where in the whole message', () => {
    const refusal = refusalOf(inBundle(Uint8Array.of(5, 20, 0, 12, 0, 0, 0, 7, 1, 2, 3, 4)));
    expect(refusal).toEqual({
      name: 'OFPBRC_BAD_LEN',
      ofType: 1,
      ofCode: 6,
      offset: 24,
      path: 'bundle_add_message.message.barrier_request',
    });
  });

  it('carries no message itself', () => {
    const inner = encodeMessage(added, 7, '1.4');
    expect(refusalOf(inBundle(inner))).toMatchObject({ ofType: 17, ofCode: 10 });
    const twice = of14.bundleAddMessage({
      bundleId: 1,
      message: { version: 5, xid: 7, message: added },
    });
    expect(() => encodeMessage(twice, 7, '1.4')).toThrow(EncodeError);
    expect(() => encodeMessage(added, 7, '1.4')).not.toThrow();
  });
});
