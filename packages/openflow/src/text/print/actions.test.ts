import { describe, expect, it } from 'vitest';
import { action } from '../../generated/of13/index.ts';
import { formatActions } from './actions.ts';

const bits = (offset: number, size: number) => ({ offset, bits: size });

describe('actions as text', () => {
  it('are drop when there are none', () => {
    expect(formatActions([])).toBe('drop');
  });

  it('name reserved ports', () => {
    const output = (port: number): string => formatActions([action.output({ port, maxLen: 128 })]);
    expect(output(2)).toBe('output:2');
    expect(output(0xffff_fffd)).toBe('CONTROLLER:128');
    expect(output(0xffff_fff8)).toBe('IN_PORT');
    expect(output(0xffff_ff00)).toBe('output:65280');
  });

  it('write tags as their version does', () => {
    const tag = { type: 'set_vlan_vid', vlanVid: 7 } as const;
    expect(formatActions([tag], '1.0')).toBe('mod_vlan_vid:7');
    expect(formatActions([tag], '1.1')).toBe('set_vlan_vid:7');
  });

  it('tell parts of fields by their headers', () => {
    expect(
      formatActions([
        { type: 'nx_reg_load', range: bits(5, 6), dst: 'reg0', value: 15n },
        { type: 'nx_reg_load', range: bits(0, 32), dst: 'reg1', value: 0n },
        { type: 'nx_reg_move', bits: 48, srcOffset: 0, dstOffset: 0, src: 'nxm_eth_src', dst: 'nxm_eth_dst' },
        { type: 'nx_check_pkt_larger', pktLen: 1500, dst: 'reg0', offset: 5 },
      ]),
    ).toBe(
      'load:0xf->NXM_NX_REG0[5..10],load:0->NXM_NX_REG1[],move:NXM_OF_ETH_SRC[]->NXM_OF_ETH_DST[],check_pkt_larger(1500)->NXM_NX_REG0[5]',
    );
  });

  it('nest', () => {
    const nat = {
      type: 'nx_nat',
      flags: 1 | 16,
      range: { ipv4Min: '10.0.0.1', ipv4Max: '10.0.0.9', protoMin: 1, protoMax: 9 },
    } as const;
    const track = { type: 'nx_ct', flags: 1, zone: 5, tableId: 255, alg: 21 } as const;
    expect(formatActions([{ ...track, actions: [nat] }])).toBe(
      'ct(commit,zone=5,nat(src=10.0.0.1-10.0.0.9:1-9,random),alg=ftp)',
    );
    expect(formatActions([{ type: 'nx_clone', actions: [action.output({ port: 1 })] }])).toBe(
      'clone(output:1)',
    );
  });

  it('tell what to learn', () => {
    const learn = {
      type: 'nx_learn',
      idleTimeout: 0,
      hardTimeout: 60,
      priority: 32768,
      cookie: 1n,
      flags: 1,
      tableId: 9,
      finIdleTimeout: 0,
      finHardTimeout: 0,
      specs: [
        { type: 'match', bits: 16, src: { value: 0x0800n }, dst: { field: 'nxm_eth_type', offset: 0 } },
        {
          type: 'match',
          bits: 48,
          src: { field: 'nxm_eth_src', offset: 0 },
          dst: { field: 'nxm_eth_dst', offset: 0 },
        },
        { type: 'output', bits: 16, src: { field: 'nxm_in_port', offset: 0 } },
      ],
    } as const;
    expect(formatActions([learn])).toBe(
      'learn(table=9,hard_timeout=60,send_flow_rem,cookie=0x1,eth_type=0x800,NXM_OF_ETH_DST[]=NXM_OF_ETH_SRC[],output:NXM_OF_IN_PORT[])',
    );
  });

  it('of others are numbers and bytes', () => {
    const data = new Uint8Array([1, 2]);
    expect(formatActions([{ type: 'experimenter', experimenter: 0xabcdef, data }])).toBe(
      'experimenter(0xabcdef,0102)',
    );
    expect(formatActions([{ type: 'unknown', code: 99, data }])).toBe('unknown(99,0102)');
  });
});
