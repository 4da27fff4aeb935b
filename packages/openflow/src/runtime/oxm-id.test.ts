import { describe, expect, it } from 'vitest';
import { type BitRange, readBitRange, writeBitRange } from './bit-range.ts';
import { decodeOxmIds, encodeOxmIds, type OxmId, readOxmId, writeOxmId } from './oxm-id.ts';
import { EncodeError, ProtocolError } from './protocol-error.ts';
import { Writer } from './writer.ts';

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
const view = (hex: string): DataView => new DataView(bytes(hex).buffer);
const decode = (hex: string): readonly OxmId[] => decodeOxmIds(view(hex), 0, bytes(hex).length);
const encode = (ids: readonly OxmId[]): Uint8Array => {
  const writer = new Writer();
  encodeOxmIds(writer, ids);
  return writer.take();
};

describe('ids of OXM fields', () => {
  it.each([
    ['a basic field', '80000606', ['eth_dst']],
    ['a field under a mask', '8000070c', ['eth_dst/mask']],
    ['a register of Nicira', '00010004', ['reg0']],
    ['a field that Nicira numbered first', '00000206', ['nxm_eth_dst']],
    ['a field of an experimenter, 8 bytes', 'ffff0808 005ad650', ['nsh_spi']],
    ['one of those under a mask', 'ffff0d0c 005ad650', ['nsh_c1/mask']],
    ['a header that nobody named', '00012345', ['0x00012345']],
    ['a known field of another length', '80000607', ['0x80000607']],
    ['an experimenter that nobody knows', 'ffff0104 00c0ffee', ['0xffff0104:00c0ffee']],
    ['several of both sizes', '80000004 ffff0808 005ad650 80000a02', ['in_port', 'nsh_spi', 'eth_type']],
  ])('%s survives both ways', (_name, hex, ids) => {
    expect(decode(hex)).toEqual(ids);
    expect(encode(ids as readonly OxmId[])).toEqual(bytes(hex));
  });

  it.each(['80', '8000060680', 'ffff0808', 'ffff0808005ad6'])('%s is refused, not read past', (hex) => {
    expect(() => decode(hex)).toThrow(ProtocolError);
  });

  it('text that is no field is refused', () => {
    for (const id of ['nobody', 'eth_dst/bits', '0x123', '0x80000606:00002320', 'toString']) {
      expect(() => encode([id as OxmId])).toThrow(EncodeError);
    }
  });

  it('a field of an experimenter does not go where 4 bytes are', () => {
    expect(readOxmId(view('00010204'), 0)).toBe('reg1');
    expect(() => writeOxmId(view('00000000'), 0, 'nsh_spi')).toThrow('takes 8 bytes');
  });
});

describe('ranges of bits', () => {
  it.each([
    ['0000', { offset: 0, bits: 1 }],
    ['001f', { offset: 0, bits: 32 }],
    ['014a', { offset: 5, bits: 11 }],
    ['ffff', { offset: 1023, bits: 64 }],
  ])('%s survives both ways', (hex, range) => {
    expect(readBitRange(view(hex), 0)).toEqual(range);
    const into = view('0000');
    writeBitRange(into, 0, range);
    expect(new Uint8Array(into.buffer)).toEqual(bytes(hex));
  });

  it('what 16 bits cannot say is refused', () => {
    const wrong: readonly BitRange[] = [
      { offset: 1024, bits: 1 },
      { offset: 0, bits: 0 },
      { offset: 0, bits: 65 },
      { offset: 0.5, bits: 1 },
      { offset: -1, bits: 1 },
    ];
    for (const range of wrong) expect(() => writeBitRange(view('0000'), 0, range)).toThrow(EncodeError);
  });
});
