/** Fixed examples; `conformance/parse.test.ts` compares with ovs-ofctl itself. */
import { describe, expect, it } from 'vitest';
import { encodeMessage } from '../../codec.ts';
import type { Version } from '../../versions.ts';
import {
  ParseError,
  parseActions,
  parseFlowMods,
  parseGroupMod,
  parseInstructions,
  parseMatch,
  parseMeterMod,
  parsePacketOut,
} from './index.ts';

const bytesOf = (text: string, version: Version): string =>
  parseFlowMods(text, { version })
    .map((message) => Buffer.from(encodeMessage(message as never, 0, version)).toString('hex'))
    .join(' ');

/** What ParseError says of a text: position and word of each problem. */
function problemsOf(text: string, version: Version = '1.3'): readonly string[] {
  try {
    parseFlowMods(text, { version });
    return [];
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    return error.problems.map(({ position, word }) => `${position} ${word}`);
  }
}

describe('a flow', () => {
  // Recorded from ovs-ofctl 3.1; the transaction id is 0.
  it.each<[Version, string, string]>([
    [
      '1.1',
      'tcp,actions=mod_tp_dst:443,1',
      '020e00a800000000000000000000000000000000000000000000000000008000ffffffffffffffffffffffff000000000000005800000000000003d7000000000000ffffffffffff000000000000ffffffffffff000000000800000600000000ffffffff00000000ffffffff0000000000000000000000000000000000000000ffffffffffffffff0004002000000000000a000801bb000000000010000000010000000000000000',
    ],
    [
      '1.2',
      'ip,actions=ct(commit,nat(src=10.0.0.1))',
      '030e007800000000000000000000000000000000000000000000000000008000ffffffffffffffffffffffff000000000001000a80000a0208000000000000000004003800000000ffff00300000232000230001000000000000ff0000000000ffff00180000232000240000000100010a00000100000000',
    ],
    [
      '1.3',
      'ip,nw_src=10.0.0.0/8,actions=drop',
      '040e004800000000000000000000000000000000000000000000000000008000ffffffffffffffffffffffff000000000001001680000a020800800017080a000000ff0000000000',
    ],
    [
      '1.5',
      'actions=load:0xf->NXM_NX_REG0[5..10],load:0x1->NXM_NX_REG1[31]',
      '060e006000000000000000000000000000000000000000000000000000008000ffffffffffffffffffffffff00000000000100040000000000040028000000000019001000010108000001e0000007e000190010000103088000000080000000',
    ],
  ])('of %s is encoded as ovs-ofctl sends it: %s', (version, text, hex) => {
    expect(bytesOf(text, version)).toBe(hex);
  });

  it('uses the match of 1.0 where it is enough, and that of Nicira where it is not', () => {
    const [plain] = parseFlowMods('tcp,tp_dst=80,actions=1', { version: '1.0' });
    const [wide] = parseFlowMods('tcp,tp_dst=80,reg0=1,actions=1', { version: '1.0' });
    expect(plain?.type).toBe('flow_mod');
    expect(plain).toMatchObject({ match: { eth_type: 0x800, ip_proto: 6, tcp_dst: 80 } });
    expect(wide).toMatchObject({
      type: 'nx_flow_mod',
      match: { nxm_eth_type: 0x800, nxm_ip_proto: 6, nxm_tcp_dst: 80, reg0: 1 },
    });
  });

  it('puts the table into the command of 1.0 when one is told', () => {
    const command = (text: string): number | undefined => {
      const [message] = parseFlowMods(text, { version: '1.0' });
      return message !== undefined && 'command' in message ? message.command : undefined;
    };
    expect([command('actions=1'), command('table=3,actions=1')]).toEqual([0, 0x300]);
  });

  it('writes a field the way of the version', () => {
    const actions = (version: Version): unknown => parseActions('set_field:1/0xf->reg2', { version });
    const load = { type: 'nx_reg_load', range: { offset: 0, bits: 4 }, dst: 'reg2', value: 1n };
    expect(actions('1.3')).toEqual([load]);
    expect(actions('1.5')).toEqual([{ type: 'set_field', field: 'reg2', value: 1, mask: 15 }]);
    expect(parseActions('mod_nw_src:10.0.0.1', { version: '1.0' })).toEqual([
      { type: 'set_nw_src', nwAddr: '10.0.0.1' },
    ]);
    expect(parseActions('mod_nw_src:10.0.0.1', { version: '1.2' })).toEqual([
      { type: 'set_field', field: 'ipv4_src', value: '10.0.0.1' },
    ]);
  });

  it('names fields by the header that the version has', () => {
    const keys = (version: Version): readonly string[] =>
      Object.keys(parseMatch('tcp,tcp_flags=+syn', { version }));
    expect(keys('1.2').at(-1)).toBe('nxm_tcp_flags');
    expect(keys('1.3').at(-1)).toBe('onf_tcp_flags');
    expect(keys('1.5').at(-1)).toBe('tcp_flags');
  });

  it('takes many lines, commands, comments and blanks', () => {
    const text = '# first\nadd table=1, tcp, actions=1\n\ndelete_strict priority=3,ip # last\n';
    const flows = parseFlowMods(text, { version: '1.4' });
    expect(
      flows.map((flow) => flow.type === 'flow_mod' && [flow.command, flow.tableId, flow.priority]),
    ).toEqual([
      [0, 1, 0x8000],
      [4, 255, 3],
    ]);
  });

  it('keeps the order of instructions, and makes actions one instruction', () => {
    const types = parseInstructions('meter:1,output:1,output:2,write_actions(3),goto_table:2', {
      version: '1.3',
    });
    expect(types.map(({ type }) => type)).toEqual(['meter', 'apply_actions', 'write_actions', 'goto_table']);
    const later = parseInstructions('meter:1,output:1', { version: '1.5' });
    expect(later).toEqual([
      {
        type: 'apply_actions',
        actions: [
          { type: 'meter', meterId: 1 },
          { type: 'output', port: 1, maxLen: 0 },
        ],
      },
    ]);
  });
});

describe('a refusal', () => {
  it('names every place that is wrong', () => {
    expect(problemsOf('tcp,nw_srcc=1,tp_dst=x,actions=output:2,bla,set_field:1->eth_src')).toEqual([
      '4 nw_srcc',
      '21 x',
      '40 bla',
      '54 1',
    ]);
  });

  it('counts positions from the beginning of a text of many lines', () => {
    expect(problemsOf('actions=1\nipp,actions=1')).toEqual(['10 ipp']);
  });

  it('proposes the name that was meant', () => {
    expect(() => parseMatch('ipv6_scr=::1', { version: '1.3' })).toThrow(/did you mean "ipv6_src"/);
    expect(() => parseActions('outptu:1', { version: '1.3' })).toThrow(/did you mean "output"/);
  });

  it('asks for what a field needs to mean something', () => {
    expect(() => parseMatch('tcp_dst=80', { version: '1.3' })).toThrow(/without tcp/);
    expect(() => parseMatch('nw_src=1.2.3.4', { version: '1.3' })).toThrow(/without ip/);
    expect(parseMatch('arp,nw_src=1.2.3.4', { version: '1.3' })).toEqual({
      eth_type: 0x806,
      arp_spa: '1.2.3.4',
    });
  });

  it.each([
    ['ip,nw_src=10.0.0.1/33,actions=1'],
    ['in_port=65536,actions=1'],
    ['priority=65536,actions=1'],
    ['dl_vlan=4096,actions=1'],
    ['table=3,actions=goto_table:3'],
    ['actions=goto_table:1,output:1'],
    ['actions=output:1,drop'],
    ['actions=clone(output:1'],
    ['actions=load:0x100->NXM_NX_REG0[0..7]'],
    ['actions=move:reg0[]->reg1[0..7]'],
    ['actions=set_field:1->ct_zone'],
    ['ip,actions=ct(force)'],
    ['actions=ct(commit)'],
    ['cookie=1/1,actions=1'],
    ['delete,cookie=1'],
    ['tcp'],
    [`actions=${'clone('.repeat(40)}1${')'.repeat(40)}`],
  ])('meets %s', (text) => {
    expect(problemsOf(text)).not.toEqual([]);
  });

  it('meets what the version cannot say, and names those that can', () => {
    expect(() => parseFlowMods('actions=meter:1', { version: '1.2' })).toThrow(/these can: 1\.3, 1\.4, 1\.5/);
    expect(() => parseMatch('reg0=1', { version: '1.1' })).toThrow(/these can: 1\.0 with Nicira match, 1\.2/);
    expect(() => parseMeterMod('meter=1,kbps,bands=type=drop,rate=1', { version: '1.0' })).toThrow(
      ParseError,
    );
    const insert = 'group_id=1,command_bucket_id=last,bucket=actions=1';
    expect(() => parseGroupMod(insert, { version: '1.3', command: 'insert_bucket' })).toThrow(ParseError);
  });
});

describe('a group', () => {
  it('has buckets with what the version says of them', () => {
    const text = 'group_id=7,type=select,bucket=weight:3,actions=1,2,bucket=watch_port:4,actions=3';
    const actions = [1, 2].map((port) => ({ type: 'output', port, maxLen: 0 }));
    expect(parseGroupMod(text, { version: '1.3' })).toMatchObject({
      type: 'group_mod',
      buckets: [
        { weight: 3, watchPort: 0xffffffff, actions },
        { weight: 1, watchPort: 4 },
      ],
    });
    expect(parseGroupMod(text, { version: '1.5' })).toMatchObject({
      buckets: [
        { bucketId: 0, actions, properties: [{ type: 'weight', weight: 3 }] },
        {
          bucketId: 1,
          properties: [
            { type: 'weight', weight: 1 },
            { type: 'watch_port', watch: 4 },
          ],
        },
      ],
    });
    expect(parseGroupMod(text, { version: '1.0' }).type).toBe('nx_group_mod');
  });

  it('needs a number and a type', () => {
    expect(() => parseGroupMod('type=all', { version: '1.3' })).toThrow(/group_id=/);
    expect(() => parseGroupMod('group_id=1', { version: '1.3' })).toThrow(/type=/);
  });
});

describe('a meter', () => {
  it('has flags and bands', () => {
    const text =
      'meter=9,pktps,burst,bands=type=drop,rate=10,burst_size=2,type=dscp_remark,rate=5,burst_size=1,prec_level=1';
    expect(parseMeterMod(text, { version: '1.3' })).toEqual({
      type: 'meter_mod',
      command: 0,
      flags: 6,
      meterId: 9,
      bands: [
        { type: 'drop', rate: 10, burstSize: 2 },
        { type: 'dscp_remark', rate: 5, burstSize: 1, precLevel: 1 },
      ],
    });
  });

  it.each([
    'meter=9,kbps',
    'meter=0,bands=type=drop,rate=1',
    'meter=9,bands=type=drop,rate=1',
    'bands=type=drop',
  ])('is refused as %s', (text) => {
    expect(() => parseMeterMod(text, { version: '1.4' })).toThrow(ParseError);
  });
});

describe('a packet-out', () => {
  it('carries the packet and where it came from', () => {
    const text = 'in_port=LOCAL,packet=ffffffffffff0200000000010800,actions=2';
    expect(parsePacketOut(text, { version: '1.3' })).toMatchObject([
      { inPort: 0xfffffffe, actions: [{ port: 2 }] },
    ]);
    expect(parsePacketOut(text, { version: '1.5' })).toMatchObject([{ match: { in_port: 0xfffffffe } }]);
  });

  it('is one for every packet in the older form', () => {
    const messages = parsePacketOut('LOCAL output:1 0102 0304', { version: '1.0' });
    expect(messages.map((message) => message.type === 'packet_out' && [...message.data])).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });
});
