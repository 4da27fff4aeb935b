import { describe, expect, it } from 'vitest';
import { fieldListText, rangesText } from './field-lists.ts';

describe('lists of fields', () => {
  it('share what neighbours begin with', () => {
    expect(fieldListText(['eth_dst', 'metadata', 'eth_src'])).toBe('metadata eth_{src,dst}');
    expect(fieldListText(['ct_mark', 'ct_nw_src', 'ct_nw_dst'])).toBe('ct_{mark,nw_{src,dst}}');
    expect(fieldListText(['nw_tos', 'ip_dscp', 'nw_ecn', 'nw_ttl'])).toBe('nw_tos ip_dscp nw_{ecn,ttl}');
  });

  it('shorten three numbers in a row, not two', () => {
    expect(fieldListText(['reg0', 'reg1', 'reg2', 'xreg0', 'xreg1'])).toBe('reg0...reg2 xreg0 xreg1');
  });

  it('put what nobody has named last', () => {
    expect(fieldListText(['0x00010004', 'eth_src'])).toBe('eth_src 0x00010004');
  });

  it('write numbers as ranges', () => {
    expect(rangesText([3, 1, 2, 7])).toBe('1-3,7');
    expect(rangesText([])).toBe('');
  });
});
