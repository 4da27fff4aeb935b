/**
 * When Xen stops pre-copying: the rules of its source (xc_linux_save.c) and of the paper (Clark et al., NSDI 2005).
 * Rounds here count from 0, Xen's `iter` from 1.
 */
import { type BitsPerSec, type Bytes, bytes, bytesPerSec } from '@sluice/units';
import { exceeds, xenWanted } from '../rate-policies/xen.ts';
import type { StopPolicy } from './stop-policy.ts';

/** DEF_MAX_ITERS: "limit us to 30 times round loop", of which the last is the stop-and-copy. */
export const XEN_ROUNDS_MAX = 29;
/** DEF_MAX_FACTOR: never send more than three times the memory. */
export const XEN_SENT_FACTOR_MAX = 3;
/** Fewer pages sent in a round than this end the migration. */
export const XEN_PAGES_MIN = 50;
/** NSDI 2005: stop with less than 256 KB left; read as KiB. */
export const XEN_SMALL_REST = bytes(256 * 1024);
const PAGE_BYTES = 4096;

export const xenPages = (pages: number): Bytes => bytes(pages * PAGE_BYTES);

/** The four rules of the source, in its order. The first is compiled in with ADAPTIVE_SAVE only. */
export const xenCodeStop = (rateMax: BitsPerSec): StopPolicy => {
  const others = xenDefaultStop(XEN_ROUNDS_MAX);
  return (behind) => {
    const sentBefore = behind.rounds.at(-2)?.sent ?? behind.memory;
    return behind.sent > sentBefore && behind.rate >= rateMax ? 'rate_max' : others(behind);
  };
};

/** The three rules of a normal build, where the rate never is at its limit. */
export const xenDefaultStop =
  (roundsMax: number): StopPolicy =>
  (behind) => {
    if (behind.round + 1 >= roundsMax) return 'rounds_max';
    if (behind.sent < xenPages(XEN_PAGES_MIN)) return 'few_pages';
    return behind.sentTotal > XEN_SENT_FACTOR_MAX * behind.memory ? 'sent_too_much' : null;
  };

/** What NSDI 2005 says, with the guards of the source: the wanted rate is above the limit, or little is left. */
export const xenNsdiStop =
  (rateMax: BitsPerSec): StopPolicy =>
  (behind) => {
    const collected = bytesPerSec(behind.duration === 0 ? 0 : (behind.remaining * 1000) / behind.duration);
    if (exceeds(xenWanted(collected), rateMax)) return 'rate_max';
    if (behind.remaining < XEN_SMALL_REST) return 'small_rest';
    if (behind.round + 1 >= XEN_ROUNDS_MAX) return 'rounds_max';
    return behind.sentTotal > XEN_SENT_FACTOR_MAX * behind.memory ? 'sent_too_much' : null;
  };

/** The rules of a normal build, and a rest that fits into the stop-and-copy limit at the rate of the round. */
export const xenRateOfWStop = (limits: { readonly stopAndCopySec: number | null }): StopPolicy => {
  const others = xenDefaultStop(XEN_ROUNDS_MAX);
  return (behind) => {
    const rest = (behind.remaining * 8) / behind.rate;
    return limits.stopAndCopySec !== null && rest <= limits.stopAndCopySec ? 'small_rest' : others(behind);
  };
};

/** simple_precopy_policy of today's Xen: fewer than 50 dirty pages, or five rounds. */
export const xenModernStop: StopPolicy = (behind) => {
  if (behind.remaining < xenPages(XEN_PAGES_MIN)) return 'few_pages';
  return behind.round + 1 >= XEN_MODERN_ROUNDS_MAX ? 'rounds_max' : null;
};

const XEN_MODERN_ROUNDS_MAX = 5;
