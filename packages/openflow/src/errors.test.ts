import { describe, expect, it } from 'vitest';
import { decodeMessage } from './codec.ts';
import { describeError, errorName, errorOf, OpenflowError } from './errors.ts';
import { ProtocolError } from './runtime/protocol-error.ts';
import { VERSIONS, type Version } from './versions.ts';

const NICIRA = 0x2320;
const ONF = 0x4f4e4600;
const DATA = Uint8Array.of(4, 1, 0, 8);

describe('errors by version', () => {
  it.each<[name: string, version: Version, ofType: number, ofCode: number]>([
    ['OFPBRC_BAD_LEN', '1.0', 1, 6],
    ['OFPFMFC_OVERLAP', '1.0', 3, 1],
    ['OFPFMFC_OVERLAP', '1.1', 5, 3],
    ['OFPPMFC_BAD_HW_ADDR', '1.0', 4, 1],
    ['OFPPMFC_BAD_HW_ADDR', '1.3', 7, 1],
    ['OFPQOFC_BAD_QUEUE', '1.0', 5, 1],
    ['OFPFMFC_TABLE_FULL', '1.0', 3, 0],
    ['OFPBRC_IS_SLAVE', '1.1', 1, 5],
    ['OFPBRC_IS_SLAVE', '1.2', 1, 10],
    ['OFPBPC_BAD_LEN', '1.3', 13, 3],
    ['OFPTFFC_BAD_LEN', '1.4', 14, 1],
    ['OFPBIC_BAD_EXP_TYPE', '1.1', 3, 5],
    ['OFPBIC_DUP_INST', '1.4', 3, 9],
  ])('%s of %s is (%i, %i)', (name, version, ofType, ofCode) => {
    expect(errorOf(name, version, DATA)).toEqual({ type: 'error', ofType, ofCode, data: DATA });
  });

  it.each<[name: string, version: Version, data: string]>([
    ['OFPBMC_BAD_VALUE', '1.0', 'b0c2 0000 00002320 0001 0102'],
    ['OFPBPC_BAD_LEN', '1.1', 'b0c2 0000 00002320 000d 0003'],
    ['OFPBPC_BAD_LEN', '1.2', 'ffff 001a 00002320'],
    ['NXBRC_MUST_BE_ZERO', '1.5', 'ffff 0004 00002320'],
    ['OFPBIC_DUP_INST', '1.3', 'ffff 0a28 4f4e4600'],
    // 1.0 has no error for the length of a match, nor any for meters.
    ['OFPBMC_BAD_LEN', '1.0', 'b0c2 0000 00002320 0001 0209'],
    ['OFPMMFC_UNKNOWN_METER', '1.2', 'ffff 000a 00002320'],
  ])('%s of %s is written under its experimenter', (name, version, hex) => {
    const bytes = Buffer.from(hex.replaceAll(' ', ''), 'hex');
    expect(errorOf(name, version, DATA)).toEqual({
      type: 'error',
      ofType: bytes.readUInt16BE(0),
      ofCode: bytes.readUInt16BE(2),
      data: Uint8Array.from([...bytes.subarray(4), ...DATA]),
    });
  });

  it.each(VERSIONS)('what is written in %s is read again', (version) => {
    const said = describeError(errorOf('NXBAC_BAD_CONJUNCTION', version, DATA), version);
    expect(said).toMatchObject({ name: 'NXBAC_BAD_CONJUNCTION', experimenter: NICIRA, data: DATA });
    const plain = describeError(errorOf('OFPBAC_BAD_OUT_PORT', version, DATA), version);
    expect(plain).toEqual({ name: 'OFPBAC_BAD_OUT_PORT', ofType: 2, ofCode: 4, data: DATA });
  });

  it('are named by their version', () => {
    expect(errorName(4, 1)).toBe('OFPBMC_BAD_LEN');
    expect(errorName(4, 1, '1.0')).toBe('OFPPMFC_BAD_HW_ADDR');
    expect(errorName(99, 4, '1.5')).toBe('OFPET_99(4)');
  });

  it('of an experimenter are read with their number, or left as they are when cut', () => {
    const data = Uint8Array.from([0x4f, 0x4e, 0x46, 0, 1]);
    expect(describeError({ ofType: 0xffff, ofCode: 2300, data })).toMatchObject({
      name: 'OFPBFC_UNKNOWN',
      experimenter: ONF,
      expCode: 2300,
      data: Uint8Array.of(1),
    });
    expect(describeError({ ofType: 0xffff, ofCode: 9, data }).name).toBe('0x4f4e4600(9)');
    expect(describeError({ ofType: 0xffff, ofCode: 9, data: DATA.subarray(2) }).name).toBe('OFPET_65535(9)');
  });

  it('thrown by a switch side are known by their name', () => {
    expect(new OpenflowError(5, 3).errorName).toBe('OFPFMFC_OVERLAP');
    expect(OpenflowError.named('NXBRC_MUST_BE_ZERO')).toMatchObject({ ofType: 0xffff, ofCode: 4 });
  });
});

describe('a malformed message', () => {
  /** An action of 16 bytes that says 12. */
  const FLOW_MOD_10 = `010e0058 00000001 003fffff ${'00'.repeat(36)} ${'00'.repeat(24)} 0000000c 00000000 00000000 00000000`;

  it.each<[what: string, version: Version, hex: string, detail: object]>([
    ['a flow_mod cut in 1.0', '1.0', '010e000c 00000001 00000000', { name: 'OFPBRC_BAD_LEN', ofType: 1 }],
    ['an action of a wrong length', '1.0', FLOW_MOD_10, { name: 'OFPBAC_BAD_LEN', ofType: 2, ofCode: 1 }],
    [
      'a match that is too long in 1.3',
      '1.3',
      `040e0038 00000001 ${'00'.repeat(40)} 00010070 00000000`,
      { name: 'OFPBMC_BAD_LEN', ofType: 4, ofCode: 1 },
    ],
    [
      'a property that is too long in 1.4',
      '1.4',
      `051c0010 00000001 0000000c 00000000`,
      { name: 'OFPBPC_BAD_LEN', ofType: 14, ofCode: 1 },
    ],
  ])('is refused in the numbers of its version: %s', (_, version, hex, detail) => {
    const bytes = Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
    expect(problemOf(bytes, version)?.detail).toMatchObject(detail);
  });
});

function problemOf(bytes: Uint8Array, version: Version): ProtocolError | undefined {
  try {
    decodeMessage(bytes, version);
    return undefined;
  } catch (error) {
    if (error instanceof ProtocolError) return error;
    throw error;
  }
}
