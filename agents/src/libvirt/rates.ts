/** Rates and times as libvirt takes them: whole MiB/s, whole milliseconds. */
import { DriverFailure, type SwitchoverTerms } from '../hypervisor.ts';
import { DOWNTIME_LIMIT_OPEN_MS, DOWNTIME_LIMIT_SHUT_MS } from '../qemu/parameters.ts';

const BITS_PER_MEBIBYTE = 8 * 1024 * 1024;
/** No NIC sends a terabit per second. 0 is libvirt's word for the same, but not in every of its commands. */
export const UNCAPPED_MEBIBYTES_PER_SEC = 119_209;

/** Rounded down, because a cap is an upper bound. @throws DriverFailure 'unsupported' below 1 MiB/s */
export function mebibytesPerSec(capBitsPerSec: number): number {
  const rate = Math.floor(capBitsPerSec / BITS_PER_MEBIBYTE);
  if (rate >= 1) return rate;
  throw new DriverFailure(
    'unsupported',
    `libvirt takes whole MiB/s, and 1 is more than ${capBitsPerSec} bit/s; rates "exact" would do`,
  );
}

/**
 * What a migration begins with where exact rates follow once QEMU is there: never above the cap but for less than
 * 1 MiB/s, which libvirt cannot say.
 */
export const firstMebibytesPerSec = (cap: number): number => Math.max(1, Math.floor(cap / BITS_PER_MEBIBYTE));

/**
 * Null: at once. With terms: what remains may take this long at the rate measured; stretched by reserved over measured
 * it is the volume that passes within the limit at the reserved rate. libvirt has no word for that rate itself.
 */
export function openLimitMs(terms: SwitchoverTerms | null, measuredBytesPerSec: number): number {
  if (terms === null) return DOWNTIME_LIMIT_OPEN_MS;
  const limitMs = terms.downtimeLimitSec * 1000;
  const rate = terms.rateBitsPerSec / 8;
  const stretched = measuredBytesPerSec > 0 ? (limitMs * rate) / measuredBytesPerSec : limitMs;
  return Math.min(DOWNTIME_LIMIT_OPEN_MS, Math.max(DOWNTIME_LIMIT_SHUT_MS, Math.floor(stretched)));
}
