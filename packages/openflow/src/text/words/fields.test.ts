import { describe, expect, it } from 'vitest';
import { OXM_FIELDS } from '../../generated/match-types.ts';
import { FIELDS, fieldOfKey } from './fields.ts';

describe('the words for fields', () => {
  it('exist for every key of a match', () => {
    expect(Object.keys(OXM_FIELDS).filter((key) => fieldOfKey(key) === undefined)).toEqual([]);
  });

  it('are for keys that a match has', () => {
    expect(FIELDS.flatMap(({ keys }) => keys).filter((key) => !Object.hasOwn(OXM_FIELDS, key))).toEqual([]);
  });

  it('are no one else’s', () => {
    const names = FIELDS.map(({ name }) => name);
    const headers = FIELDS.map(({ header }) => header);
    expect(new Set(names).size).toBe(names.length);
    expect(new Set(headers).size).toBe(headers.length);
  });

  it('join the twins of one field', () => {
    expect(fieldOfKey('nxm_eth_dst')).toBe(fieldOfKey('eth_dst'));
    expect(fieldOfKey('onf_tcp_flags')?.name).toBe('tcp_flags');
  });
});
