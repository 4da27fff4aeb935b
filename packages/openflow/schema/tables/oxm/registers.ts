/** Registers of a packet: OFPXMC_PACKET_REGS (0x8001, OpenFlow 1.5 §7.2.3.10) and Nicira's (0x0001) of three widths. */
import { CLASS, fieldsOf, type OxmRow } from './row.ts';

const standard = fieldsOf(CLASS.packetRegs);
const nicira = fieldsOf(CLASS.nx);

const XXREG0 = 111;

const upTo = (count: number, row: (index: number) => OxmRow): readonly OxmRow[] =>
  Array.from({ length: count }, (_, index) => row(index));

export const registerRows: readonly OxmRow[] = [
  ...upTo(8, (index) => standard([`xreg${index}`, index, 'u64'], true, `Packet register ${index}, 64 bits.`)),
  ...upTo(16, (index) => nicira([`reg${index}`, index, 32], true, `Register ${index}, 32 bits.`)),
  ...upTo(4, (index) =>
    nicira([`xxreg${index}`, XXREG0 + index, 'u128'], true, `Register ${index}, 128 bits.`),
  ),
];
