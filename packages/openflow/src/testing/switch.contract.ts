/**
 * What a switch answers, as a table: messages and the errors they meet. The same table runs against the fake
 * switch and against Open vSwitch, so that the fake refuses what the real one refuses.
 */
import { describe, expect, it } from 'vitest';
import {
  action,
  BatchError,
  band,
  flowMod,
  flowStatsRequest,
  groupMod,
  type Instruction,
  instruction,
  type Message,
  meterMod,
  meterStatsRequest,
  OFPFC,
  OFPFF,
  OFPG,
  OFPGC,
  OFPGT,
  OFPM,
  OFPMC,
  OFPMF,
  OFPP,
  OFPRR,
  packetOut,
  portStatsRequest,
  queueStatsRequest,
  RequestError,
  type Switch,
} from '../index.ts';
import { add, clean, group, ip, meter, out } from './contract-messages.ts';
import { bundleContract } from './switch-bundles.contract.ts';
import { moreRefusals } from './switch-refusals.contract.ts';
import { statesContract } from './switch-states.contract.ts';

/** Open vSwitch sets the maxLen of outputs that are not to the controller to 0, so only ports are compared. */
const portsOf = (instructions: readonly Instruction[]): readonly number[] =>
  instructions.flatMap((one) =>
    one.type === 'apply_actions'
      ? one.actions.flatMap((each) => (each.type === 'output' ? [each.port] : []))
      : [],
  );
/** Name, messages of one batch, and what is refused: index and error. */
const refusals: readonly (readonly [string, readonly Message[], readonly string[]])[] = [
  ['adds the same meter once', [meter(OFPMC.ADD, 1), meter(OFPMC.ADD, 1)], ['1 OFPMMFC_METER_EXISTS']],
  ['changes only a meter that is there', [meter(OFPMC.MODIFY, 2)], ['0 OFPMMFC_UNKNOWN_METER']],
  ['deletes a missing meter in silence', [meterMod({ command: OFPMC.DELETE, meterId: 3 })], []],
  ['has no meter 0', [meter(OFPMC.ADD, 0)], ['0 OFPMMFC_INVALID_METER']],
  ['has no meter above its largest', [meter(OFPMC.ADD, OFPM.MAX + 1)], ['0 OFPMMFC_INVALID_METER']],
  [
    'knows kb/s or packets/s, not both',
    [meter(OFPMC.ADD, 4, OFPMF.KBPS | OFPMF.PKTPS)],
    ['0 OFPMMFC_BAD_FLAGS'],
  ],
  ['knows no other meter command', [meter(9, 4)], ['0 OFPMMFC_BAD_COMMAND']],
  [
    'drops only, and remarks nothing',
    [meterMod({ command: OFPMC.ADD, flags: 1, meterId: 5, bands: [band.dscpRemark({ rate: 1 })] })],
    ['0 OFPMMFC_BAD_BAND'],
  ],
  ['sends no flow through a missing meter', [add({}, [instruction.meter(99)])], ['0 OFPMMFC_INVALID_METER']],
  ['goes forward in the tables only', [add({}, [instruction.gotoTable(0)])], ['0 OFPBIC_BAD_TABLE_ID']],
  ['adds to one table only', [add({}, [], { tableId: 255 })], ['0 OFPFMFC_BAD_TABLE_ID']],
  ['knows no other flow command', [flowMod({ command: 9 })], ['0 OFPFMFC_BAD_COMMAND']],
  ['asks for prerequisites', [add({ ipv4_src: '10.0.0.1' })], ['0 OFPBMC_BAD_PREREQ']],
  ['asks for prerequisites of ports', [add({ ...ip, tcp_dst: 80 })], ['0 OFPBMC_BAD_PREREQ']],
  [
    'wants zero bits where the mask has them',
    [add({ ...ip, ipv4_src: { value: '10.0.0.1', mask: '255.0.0.0' } })],
    ['0 OFPBMC_BAD_WILDCARDS'],
  ],
  ['does not know every field', [add({ '0x80007e02': Uint8Array.of(1, 2) })], ['0 OFPBMC_BAD_FIELD']],
  [
    'sets a field only where it is',
    [add({}, [instruction.applyActions([action.setField('ip_dscp', 43)])])],
    ['0 OFPBAC_MATCH_INCONSISTENT'],
  ],
  ['takes port 0, though no port has that number', [add({}, [out(0)])], []],
  ['sends to no port ANY', [add({}, [out(OFPP.ANY)])], ['0 OFPBAC_BAD_OUT_PORT']],
  ['takes a port that is not there yet', [add({}, [out(77)])], []],
  ['takes a queue that is not there', [add({}, [instruction.applyActions([action.setQueue(77)])])], []],
  [
    'sends through a group that is there',
    [add({}, [instruction.applyActions([action.group(50)])])],
    ['0 OFPBAC_BAD_OUT_GROUP'],
  ],
  [
    'knows no action of its future',
    [add({}, [instruction.applyActions([{ type: 'unknown', code: 99, data: new Uint8Array(4) }])])],
    ['0 OFPBAC_BAD_TYPE'],
  ],
  [
    'knows no instruction of its future',
    [add({}, [{ type: 'unknown', code: 99, data: new Uint8Array(4) }])],
    ['0 OFPBIC_UNKNOWN_INST'],
  ],
  [
    'looks for overlaps when asked',
    [add({ in_port: 1 }, [], { priority: 5 }), add(ip, [], { priority: 5, flags: OFPFF.CHECK_OVERLAP })],
    ['1 OFPFMFC_OVERLAP'],
  ],
  [
    'does not take an entry for its own overlap',
    [
      add({ in_port: 2 }, [], { priority: 6 }),
      add({ in_port: 2 }, [], { priority: 6, flags: OFPFF.CHECK_OVERLAP }),
    ],
    [],
  ],
  ['modifies nothing in silence', [flowMod({ command: OFPFC.MODIFY, match: { in_port: 9 } })], []],
  [
    'adds the same group once',
    [group(OFPGC.ADD, 1, OFPGT.ALL, 2), group(OFPGC.ADD, 1, OFPGT.ALL, 2)],
    ['1 OFPGMFC_GROUP_EXISTS'],
  ],
  ['changes only a group that is there', [group(OFPGC.MODIFY, 2, OFPGT.ALL, 1)], ['0 OFPGMFC_UNKNOWN_GROUP']],
  ['deletes a missing group in silence', [groupMod({ command: OFPGC.DELETE, groupId: 3 })], []],
  [
    'gives an indirect group one bucket',
    [group(OFPGC.ADD, 4, OFPGT.INDIRECT, 2)],
    ['0 OFPGMFC_INVALID_GROUP'],
  ],
  [
    'has no group above its largest',
    [group(OFPGC.ADD, OFPG.MAX + 1, OFPGT.ALL, 1)],
    ['0 OFPGMFC_INVALID_GROUP'],
  ],
  ['knows four types of groups', [group(OFPGC.ADD, 5, 9, 1)], ['0 OFPGMFC_BAD_TYPE']],
  ['knows no other group command', [group(99, 5, 0, 1)], ['0 OFPGMFC_BAD_COMMAND']],
  [
    'sends no packet to port ANY',
    [packetOut({ actions: [action.output({ port: OFPP.ANY })] })],
    ['0 OFPBAC_BAD_OUT_PORT'],
  ],
];

/** Requests that meet an error. */
const failures: readonly (readonly [string, Message, string])[] = [
  ['counts no queue that is not there', queueStatsRequest({ portNo: 1, queueId: 99 }), 'OFPQOFC_BAD_QUEUE'],
  ['counts no queue of a port that is not there', queueStatsRequest({ portNo: 99 }), 'OFPQOFC_BAD_PORT'],
  ['counts no meter that is not there', meterStatsRequest({ meterId: 99 }), 'OFPMMFC_UNKNOWN_METER'],
  [
    'knows no message of its future',
    { type: 'unknown', code: 99, body: new Uint8Array(0) },
    'OFPBRC_BAD_TYPE',
  ],
  [
    'knows no multipart of its future',
    { type: 'unknown_multipart_request', multipart: 99, flags: 0, body: new Uint8Array(0) },
    'OFPBRC_BAD_MULTIPART',
  ],
];

export function switchContract(connected: () => Promise<Switch>): void {
  describe.each([...refusals, ...moreRefusals])('a switch %s', (_, messages, expected) => {
    it(expected.length === 0 ? 'and refuses nothing' : `and answers ${expected.join(', ')}`, async () => {
      const sw = await connected();
      await sw.sendBatch(clean);
      const verdict = await sw.sendBatch(messages).then(
        () => [],
        (error: unknown) => {
          if (error instanceof BatchError) return error.errors.map(({ index, name }) => `${index} ${name}`);
          throw error;
        },
      );
      expect(verdict).toEqual(expected);
    });
  });

  it.each(failures)('a switch %s', async (_, request, expected) => {
    const sw = await connected();
    const error = await sw.request(request).catch((reason: unknown) => reason);
    if (!(error instanceof RequestError)) throw new Error(`it was answered: ${JSON.stringify(error)}`);
    expect(error.detail).toMatchObject({ code: 'rejected', name: expected });
  });

  it('keeps cookie and counters of an entry whose instructions change', async () => {
    const sw = await connected();
    await sw.sendBatch([...clean, add(ip, [out(1)], { cookie: 5n, priority: 3 })]);
    await sw.sendBatch([flowMod({ command: OFPFC.MODIFY, cookie: 9n, instructions: [out(2)] })]);
    const { flows } = await sw.request(flowStatsRequest());
    expect(
      flows.map(({ cookie, priority, instructions }) => [cookie, priority, portsOf(instructions)]),
    ).toEqual([[5n, 3, [2]]]);
  });

  it('replaces an entry with the same match and priority, cookie and all', async () => {
    const sw = await connected();
    await sw.sendBatch([...clean, add(ip, [out(1)], { cookie: 5n }), add(ip, [out(2)], { cookie: 6n })]);
    const { flows } = await sw.request(flowStatsRequest());
    expect(flows.map(({ cookie }) => cookie)).toEqual([6n]);
  });

  it('deletes by output port', async () => {
    const sw = await connected();
    await sw.sendBatch([...clean, add({ in_port: 1 }, [out(1)]), add({ in_port: 2 }, [out(2)])]);
    await sw.sendBatch([flowMod({ command: OFPFC.DELETE, tableId: 0xff, outPort: 2 })]);
    const { flows } = await sw.request(flowStatsRequest());
    expect(flows.map(({ match }) => match)).toEqual([{ in_port: 1 }]);
  });

  it('answers with an empty list when asked for a port that it does not have', async () => {
    const sw = await connected();
    expect((await sw.request(portStatsRequest({ portNo: 99 }))).ports).toEqual([]);
  });

  // OpenFlow 1.3 has no reason for it, so the flows of a deleted meter go in silence.
  it('tells of entries that went with their group, not of those that went with their meter', async () => {
    const sw = await connected();
    const reasons: number[] = [];
    sw.on('flow_removed', ({ reason }) => reasons.push(reason));
    await sw.sendBatch([
      ...clean,
      meter(OFPMC.ADD, 7),
      group(OFPGC.ADD, 8, OFPGT.ALL, 1),
      add({ in_port: 1 }, [instruction.meter(7)], { flags: OFPFF.SEND_FLOW_REM }),
      add({ in_port: 2 }, [instruction.applyActions([action.group(8)])], { flags: OFPFF.SEND_FLOW_REM }),
      meterMod({ command: OFPMC.DELETE, meterId: 7 }),
      groupMod({ command: OFPGC.DELETE, groupId: 8 }),
    ]);
    await expect.poll(() => reasons, { timeout: 10_000 }).toEqual([OFPRR.GROUP_DELETE]);
    expect((await sw.request(flowStatsRequest())).flows).toEqual([]);
  });

  statesContract(connected);
  bundleContract(connected);
}
