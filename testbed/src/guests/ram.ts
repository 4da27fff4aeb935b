/**
 * How much memory a guest may have. QEMU before 9.0 without KVM loses writes of the guest in a pre-copy migration when
 * the length of its memory is a multiple of 64 pages (256 KiB): the dirty bits are then taken 64 at a time, without
 * telling the emulated processor to report the next write. One more or one less than that and it takes the slow, right
 * way. Seen with 7.2: 4 of 5 guests of 128 MiB died after a migration, none of 128 MiB − 8 KiB.
 */
import { type Bytes, bytes, larger } from '@sluice/units';

const PAGE_BYTES = 4096;
const KIBIBYTE = 1024;
const MEBIBYTE = 1024 * KIBIBYTE;
/** The length that a guest's memory must not be a multiple of. */
export const CORRUPTING_MULTIPLE = bytes(256 * KIBIBYTE);
/** QEMU rounds a machine's memory up to this. */
export const RAM_STEP = bytes(8 * KIBIBYTE);
/** With less, kernel and initial file system do not fit: 64 MiB does not boot, this does. */
export const RAM_MIN = bytes(80 * MEBIBYTE);
/** Test guests share one machine with everything else. */
export const RAM_MAX = bytes(2048 * MEBIBYTE);
/**
 * What kernel, programs and buffers take: guests of 80 to 128 MiB ran out of memory when their program used all but
 * 67 MiB. Larger machines need a little more for the tables about their pages.
 */
const RESERVED = 70 * MEBIBYTE;
const RESERVED_SHARE = 1 / 32;

export type RamAnswer =
  | { readonly ok: true; readonly ram: Bytes; readonly note: string | null }
  | { readonly ok: false; readonly problem: RamProblem; readonly sentence: string };
export type RamProblem = 'ram_too_small' | 'ram_too_large' | 'ram_not_in_steps' | 'ram_corrupts_in_migration';

/** The next size at or below the wanted one that migrates unharmed; the note says when it is another. */
export function guestRam(wanted: Bytes): RamAnswer {
  const whole = Math.floor(wanted / RAM_STEP) * RAM_STEP;
  const corrupts = whole > 0 && whole % CORRUPTING_MULTIPLE === 0;
  const ram = bytes(corrupts ? whole - RAM_STEP : whole);
  const exact = checkRam(ram);
  if (!exact.ok || ram === wanted) return exact;
  const why = corrupts ? 'a multiple of 256 KiB would not migrate unharmed' : 'QEMU takes multiples of 8 KiB';
  return { ok: true, ram, note: `memory ${text(ram)} instead of ${text(wanted)}: ${why}` };
}

/** Whether exactly this size can be; for sizes that were not chosen by `guestRam`. */
export function checkRam(ram: Bytes): RamAnswer {
  if (ram < RAM_MIN - RAM_STEP)
    return refuse('ram_too_small', `${text(ram)} is less than the ${text(RAM_MIN)} that a guest boots with`);
  if (ram > RAM_MAX) return refuse('ram_too_large', `${text(ram)} is more than ${text(RAM_MAX)}`);
  if (ram % RAM_STEP !== 0) return refuse('ram_not_in_steps', `${ram} bytes are not a multiple of 8 KiB`);
  if (ram % CORRUPTING_MULTIPLE === 0)
    return refuse(
      'ram_corrupts_in_migration',
      `${text(ram)} is a multiple of 256 KiB, with which QEMU 7.2 without KVM corrupts a migrated guest; ${text(bytes(ram - RAM_STEP))} is not`,
    );
  return { ok: true, ram, note: null };
}

/** The most that the guest program can use as its memory. */
export const workloadMax = (ram: Bytes): Bytes =>
  bytes(Math.max(0, Math.floor((ram * (1 - RESERVED_SHARE) - RESERVED) / PAGE_BYTES) * PAGE_BYTES));

/** The size of a machine that can spare this much for the guest program. */
export function ramForWorkload(workload: Bytes): Bytes {
  // Two pages more than needed, and then one below a size that corrupts.
  const wanted = Math.ceil((workload + 2 * PAGE_BYTES + RESERVED) / (1 - RESERVED_SHARE)) + 2 * RAM_STEP;
  return larger(RAM_MIN, bytes(Math.ceil(wanted / RAM_STEP) * RAM_STEP));
}

const refuse = (problem: RamProblem, sentence: string): RamAnswer => ({ ok: false, problem, sentence });

const text = (size: Bytes): string =>
  size % MEBIBYTE === 0 ? `${size / MEBIBYTE} MiB` : `${Number((size / KIBIBYTE).toFixed(3))} KiB`;
