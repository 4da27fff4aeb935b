/** Messages that the contracts of switches share. */
import {
  action,
  band,
  bucket,
  flowMod,
  groupMod,
  type Instruction,
  instruction,
  type Match,
  type Message,
  meterMod,
  OFPFC,
  OFPG,
  OFPGC,
  OFPM,
  OFPMC,
  OFPMF,
} from '../index.ts';

export const ip = { eth_type: 0x0800 } as const;
export const add = (match: Match, instructions: readonly Instruction[] = [], more = {}): Message =>
  flowMod({ command: OFPFC.ADD, match, instructions, ...more });
export const out = (port: number): Instruction => instruction.applyActions([action.output({ port })]);
export const meter = (command: number, meterId: number, flags: number = OFPMF.KBPS, rate = 1000): Message =>
  meterMod({ command, flags, meterId, bands: [band.drop({ rate })] });
export const group = (command: number, groupId: number, groupType: number, buckets: number): Message => {
  const actions = [action.output({ port: 1 })];
  return groupMod({
    command,
    groupId,
    groupType,
    buckets: Array.from({ length: buckets }, () => bucket({ actions })),
  });
};

/** Leaves nothing in the tables. */
export const clean: readonly Message[] = [
  flowMod({ command: OFPFC.DELETE, tableId: 0xff }),
  meterMod({ command: OFPMC.DELETE, meterId: OFPM.ALL }),
  groupMod({ command: OFPGC.DELETE, groupId: OFPG.ALL }),
];
