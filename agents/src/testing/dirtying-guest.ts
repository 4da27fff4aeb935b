/**
 * A guest that needs no disk and no operating system: at every tick of its timer it counts up the first word of the
 * next few pages of its working set, round and round. So at any instant the words, read from the first page on, are
 * n, n, … n−1, n−1: a page that a migration lost or brought in an old state breaks the row.
 */

const PAGE_BYTES = 4096;
const LOADED_AT = 0x0010_0000;
export const WORKING_SET_AT = 0x0020_0000;
const TICKS_PER_SEC = 100;
/** Input clock of the PC's interval timer. */
const TIMER_HZ = 1_193_182;

export interface Dirtying {
  readonly workingSetBytes: number;
  readonly pagesPerSec: number;
}

/** A file for QEMU's `-kernel`: a multiboot header, then 32-bit code. */
export function dirtyingGuest({ workingSetBytes, pagesPerSec }: Dirtying): Uint8Array {
  const header = words(
    ...[0x1bad_b002, 0x0001_0000, -(0x1bad_b002 + 0x0001_0000) >>> 0],
    ...[LOADED_AT, LOADED_AT, 0, 0, LOADED_AT + ENTRY_OFFSET],
  );
  const settings = words(
    ...[WORKING_SET_AT, WORKING_SET_AT + workingSetBytes],
    ...[Math.round(pagesPerSec / TICKS_PER_SEC), Math.round(TIMER_HZ / TICKS_PER_SEC)],
  );
  return Buffer.concat([header, settings, Buffer.from(CODE.replace(/#.*$/gm, '').replace(/\s/g, ''), 'hex')]);
}

/** How many words break the row; 0: the memory is what the guest wrote. */
export function brokenWords(workingSet: Uint8Array): number {
  const view = new DataView(workingSet.buffer, workingSet.byteOffset, workingSet.byteLength);
  const first = view.getUint32(0, true);
  let before = first;
  let broken = 0;
  for (let at = 0; at < workingSet.byteLength; at += PAGE_BYTES) {
    const word = view.getUint32(at, true);
    if (word > before || word < first - 1) broken += 1;
    else before = word;
  }
  return broken;
}

const words = (...values: number[]): Buffer => {
  const bytes = Buffer.alloc(4 * values.length);
  values.forEach((value, index) => {
    bytes.writeUInt32LE(value, 4 * index);
  });
  return bytes;
};

const ENTRY_OFFSET = 0x54;
const CODE = `
  0000000000000000 ffff0000009acf00 ffff00000092cf00   # flat segments: none, code 8, data 10h
  1700 30001000   0701 00001100                        # table of segments; of interrupts, at 110000h
  fa 0f011548001000 ea 63001000 0800                   # cli; lgdt; jump to code segment 8
  66b81000 8ed8 8ec0 8ed0 bc00001200                   # data segments, stack at 120000h
  b8ed001000 66a300011100 66c705020111000800           # interrupt 20h: offset, segment
  66c7050401110000 8e c1e810 66a306011100 0f011d4e001000  # present, gate; lidt
  b011 e620 b020 e621 b004 e621 b001 e621 b0fe e621    # interrupt controller: timer at 20h, nothing else
  b034 e643 a12c001000 e640 88e0 e640                  # timer: its divisor, over and over
  8b3d20001000 fb                                      # edi = first page; sti
  f4 8b0d28001000 e3f7                                 # wait for a tick; ecx = pages per tick
  ff07 81c700100000 3b3d24001000 7206 8b3d20001000     # count up, next page, after the last the first
  49 75e7 ebdc                                         # until all of this tick are written
  50 b020 e620 58 cf                                   # the tick: acknowledge and return
`;
