/** What entries a switch has after a batch, as a table; the fake switch and Open vSwitch have the same. */
import { expect, it } from 'vitest';
import {
  action,
  flowMod,
  flowStatsRequest,
  groupMod,
  instruction,
  type Match,
  type Message,
  meterMod,
  OFPFC,
  OFPG,
  OFPGC,
  OFPM,
  OFPMC,
  type Switch,
} from '../index.ts';
import { clean, group, ip, meter, out } from './contract-messages.ts';

const net = (value: string, mask: string): Match => ({ ...ip, ipv4_dst: { value, mask } });
/** The priority names the entry. */
const add = (priority: number, match: Match, more = {}): Message =>
  flowMod({ command: OFPFC.ADD, priority, match, ...more });
const three: readonly Message[] = [
  add(1, { in_port: 1 }, { cookie: 0x11n, instructions: [out(1)] }),
  add(2, { in_port: 1, ...ip }, { cookie: 0x12n, instructions: [out(2)] }),
  add(3, { in_port: 2 }, { cookie: 0x21n, tableId: 1, instructions: [out(1), instruction.gotoTable(2)] }),
];

/** Name, messages after `three`, priorities of the entries that are left. */
const states: readonly (readonly [string, readonly Message[], readonly number[]])[] = [
  ['deletes everything in one table', [flowMod({ command: OFPFC.DELETE, tableId: 0 })], [3]],
  ['deletes everything in all tables', [flowMod({ command: OFPFC.DELETE, tableId: 0xff })], []],
  [
    'deletes what a match covers',
    [flowMod({ command: OFPFC.DELETE, tableId: 0xff, match: { in_port: 1 } })],
    [3],
  ],
  [
    'deletes strictly one priority',
    [flowMod({ command: OFPFC.DELETE_STRICT, priority: 1, match: { in_port: 1 } })],
    [2, 3],
  ],
  [
    'deletes nothing strictly when the priority differs',
    [flowMod({ command: OFPFC.DELETE_STRICT, priority: 9, match: { in_port: 1 } })],
    [1, 2, 3],
  ],
  [
    'deletes nothing strictly when the match is only wider',
    [flowMod({ command: OFPFC.DELETE_STRICT, priority: 2, match: { in_port: 1 } })],
    [1, 2, 3],
  ],
  [
    'deletes by cookie and mask',
    [flowMod({ command: OFPFC.DELETE, tableId: 0xff, cookie: 0x10n, cookieMask: 0xf0n })],
    [3],
  ],
  [
    'deletes by output port, in all tables',
    [flowMod({ command: OFPFC.DELETE, tableId: 0xff, outPort: 1 })],
    [2],
  ],
  [
    'deletes nothing by a group that no entry uses',
    [flowMod({ command: OFPFC.DELETE, tableId: 0xff, outGroup: 7 })],
    [1, 2, 3],
  ],
  [
    'deletes by group',
    [
      group(OFPGC.ADD, 7, 0, 1),
      add(4, { in_port: 3 }, { instructions: [instruction.applyActions([action.group(7)])] }),
      flowMod({ command: OFPFC.DELETE, tableId: 0xff, outGroup: 7 }),
    ],
    [1, 2, 3],
  ],
  [
    'covers narrower networks, not wider ones',
    [
      add(10, net('10.0.0.0', '255.0.0.0')),
      add(11, net('10.1.0.0', '255.255.0.0')),
      add(12, net('10.1.2.0', '255.255.255.0')),
      flowMod({ command: OFPFC.DELETE, match: net('10.1.0.0', '255.255.0.0') }),
    ],
    [1, 2, 10, 3],
  ],
  [
    'takes a mask of zero for no condition',
    [
      add(13, { ...ip, ipv4_dst: { value: '0.0.0.0', mask: '0.0.0.0' } }),
      flowMod({ command: OFPFC.DELETE_STRICT, priority: 13, match: ip }),
    ],
    [1, 2, 3],
  ],
  [
    'modifies without a match of the cookie nothing',
    [
      flowMod({ command: OFPFC.MODIFY, cookie: 0x99n, cookieMask: 0xffn, instructions: [out(9)] }),
      flowMod({ command: OFPFC.DELETE, tableId: 0xff, outPort: 9 }),
    ],
    [1, 2, 3],
  ],
  [
    'modifies strictly one entry',
    [
      flowMod({
        command: OFPFC.MODIFY_STRICT,
        priority: 2,
        match: { in_port: 1, ...ip },
        instructions: [out(9)],
      }),
      flowMod({ command: OFPFC.DELETE, tableId: 0xff, outPort: 9 }),
    ],
    [1, 3],
  ],
  [
    'loses the entries of all meters with them',
    [
      meter(OFPMC.ADD, 1),
      meter(OFPMC.ADD, 2),
      add(20, {}, { instructions: [instruction.meter(1)] }),
      add(21, {}, { instructions: [instruction.meter(2)] }),
      meterMod({ command: OFPMC.DELETE, meterId: OFPM.ALL }),
    ],
    [1, 2, 3],
  ],
  [
    'loses the entries of all groups with them',
    [
      group(OFPGC.ADD, 1, 0, 1),
      add(22, {}, { instructions: [instruction.writeActions([action.group(1)])] }),
      groupMod({ command: OFPGC.DELETE, groupId: OFPG.ALL }),
    ],
    [1, 2, 3],
  ],
  [
    'keeps the entries of a group that changes',
    [
      group(OFPGC.ADD, 1, 0, 1),
      add(23, {}, { instructions: [instruction.applyActions([action.group(1)])] }),
      group(OFPGC.MODIFY, 1, 1, 2),
    ],
    [1, 2, 23, 3],
  ],
];

export function statesContract(connected: () => Promise<Switch>): void {
  it.each(states)('a switch %s', async (_, messages, expected) => {
    const sw = await connected();
    await sw.sendBatch([...clean, ...three, ...messages]);
    const { flows } = await sw.request(flowStatsRequest());
    const left = flows.map(({ tableId, priority }) => [tableId, priority] as const);
    left.sort(([a, b], [c, d]) => a - c || b - d);
    expect(left.map(([, priority]) => priority)).toEqual(expected);
    await sw.sendBatch(clean);
  });

  it('a switch chooses the entries of statistics like those of a delete', async () => {
    const sw = await connected();
    await sw.sendBatch([...clean, ...three]);
    const chosen = async (filter: object) => {
      const { flows } = await sw.request(flowStatsRequest(filter));
      return flows.map(({ priority }) => priority).sort();
    };
    expect(await chosen({ tableId: 1 })).toEqual([3]);
    expect(await chosen({ match: { in_port: 1 } })).toEqual([1, 2]);
    expect(await chosen({ outPort: 2 })).toEqual([2]);
    expect(await chosen({ cookie: 0x21n, cookieMask: 0xffn })).toEqual([3]);
    await sw.sendBatch(clean);
  });
}
