/** Texts with pieces cut out, doubled and exchanged: only ParseError may escape. */
import { expect, it } from 'vitest';
import { encodeMessage } from '../../codec.ts';
import { VERSIONS } from '../../versions.ts';
import { ParseError, parseFlowMods, parseGroupMods, parseMeterMod, parsePacketOut } from './index.ts';

const TEXTS = [
  'table=5,priority=9,tcp,nw_src=10.0.0.0/8,tp_dst=80,actions=output:1,goto_table:6',
  'ip,actions=ct(commit,zone=reg0[0..15],nat(src=10.0.0.1-10.0.0.9:1-9),exec(set_field:1->ct_mark))',
  'actions=learn(table=1,NXM_OF_ETH_DST[]=NXM_OF_ETH_SRC[],load:5->reg0[0..7],output:in_port)',
  'actions=multipath(eth_src,50,modulo_n,1,0,reg0[]),bundle(eth_src,0,hrw,ofport,members:1,2)',
  'actions=encap(nsh(md_type=2,tlv(0x1000,10,0x12345678))),move:reg0[]->reg1[],clone(note:01.02)',
  'group_id=7,type=select,selection_method=hash,fields(ip_src),bucket=weight:3,actions=1,bucket=actions=2',
  'meter=9,pktps,burst,bands=type=drop,rate=10,burst_size=2',
  'in_port=1,packet=ffffffffffff0200000000010800,actions=controller(userdata=01.02,pause)',
];
const ROUNDS = 4_000;
const SEED = 20_260;
const EXTRA = '()[],=:/->.0x1 #\n';

it(`lets nothing but ParseError escape, seed ${SEED}`, () => {
  let state = SEED;
  const below = (limit: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (state >>> 8) % limit;
  };
  const text = (): string => TEXTS[below(TEXTS.length)] ?? '';
  for (let round = 0; round < ROUNDS; round++) {
    let damaged = text();
    for (let times = below(4); times > 0; times--) {
      const at = below(damaged.length + 1);
      const other = text();
      const middles = [EXTRA[below(EXTRA.length)] ?? '', '', other.slice(below(other.length))];
      const kind = below(middles.length);
      damaged =
        damaged.slice(0, at) + (middles[kind] ?? '') + damaged.slice(at + (kind === 1 ? below(6) : 0));
    }
    const version = VERSIONS[below(VERSIONS.length)] ?? '1.3';
    const parsers = [
      () => parseFlowMods(damaged, { version }),
      () => parseGroupMods(damaged, { version }),
      () => [parseMeterMod(damaged, { version })],
      () => parsePacketOut(damaged, { version }),
    ];
    for (const parse of parsers) {
      try {
        for (const message of parse()) encodeMessage(message, 0, version);
      } catch (error) {
        if (!(error instanceof ParseError)) expect.fail(`${version} ${damaged}: ${String(error)}`);
      }
    }
  }
});
