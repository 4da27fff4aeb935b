/**
 * From our words to virsh's. What libvirt cannot be asked for is refused by its name before anything begins; what the
 * QEMU at hand lacks libvirt refuses itself, and its words are passed on.
 */
import type { Mechanism } from '../contract/index.ts';
import { type DriverCapability, DriverFailure, type RateCap } from '../hypervisor.ts';
import type { RatePolicy } from './domain.ts';
import { firstMebibytesPerSec, mebibytesPerSec } from './rates.ts';

/** QEMU's own, which libvirt has no word to change. */
const MAX_THROTTLE_PERCENT = 99;

export function capabilitiesOf(rates: RatePolicy): ReadonlySet<DriverCapability> {
  return new Set<DriverCapability>([
    ...(['postcopy', 'postcopy_recovery', 'switchover_terms'] as const),
    ...(['autoConverge', 'xbzrle', 'compress', 'multifd'] as const),
    ...(rates === 'exact' ? (['throttle'] as const) : []),
  ]);
}

/** @throws DriverFailure 'unsupported' with the name of the first thing asked for that cannot be had */
export function requireMechanism(mechanism: Mechanism, rates: RatePolicy): void {
  const refuse = (what: string, why: string): never => {
    throw new DriverFailure('unsupported', `${what}: ${why}`);
  };
  if (mechanism.announce !== undefined) refuse('announce', 'libvirt leaves announcements as QEMU does them');
  if (mechanism.dirtyLimit !== undefined) refuse('dirtyLimit', 'not asked of libvirt');
  if (mechanism.zeroPages !== undefined && mechanism.zeroPages !== 'legacy')
    refuse('zeroPages', 'libvirt leaves zero pages as QEMU does them');
  if (mechanism.storage === true) refuse('storage', 'disks are not copied; both hosts have to see the same');
  if (mechanism.throttle === true && rates !== 'exact')
    refuse('throttle', 'needs rates "exact": libvirt itself cannot change it in flight');
  const most = mechanism.autoConverge?.maxPercent ?? MAX_THROTTLE_PERCENT;
  if (most !== MAX_THROTTLE_PERCENT && rates !== 'exact')
    refuse('autoConverge.maxPercent', `needs rates "exact": with libvirt it is ${MAX_THROTTLE_PERCENT}`);
}

/** Arguments of `virsh migrate` after the domain and where it goes. */
export function migrateArguments(options: {
  readonly mechanism: Mechanism;
  readonly rateCapBitsPerSec: RateCap;
  readonly rates: RatePolicy;
  readonly destination: { readonly ip: string; readonly port: number };
  readonly isPersistent: boolean;
  /** An interrupted post-copy is taken up again. */
  readonly resumes?: boolean;
}): readonly string[] {
  const { mechanism, destination, isPersistent, resumes = false } = options;
  const rate = rateOf(options);
  return [
    // The source's daemon does it, so it ends well when the agent or its virsh does not.
    ...['--live', '--p2p', '--abort-on-error'],
    ...['--migrateuri', `tcp://${destination.ip}:${destination.port}`, '--listen-address', destination.ip],
    // A domain moves with all of it: none stays defined here, to be started a second time.
    ...(isPersistent ? ['--persistent', '--undefinesource'] : []),
    ...(resumes ? ['--postcopy-resume'] : []),
    ...(rate === null || resumes ? [] : ['--bandwidth', String(rate)]),
    ...(mechanism.postcopy
      ? ['--postcopy', ...(rate === null ? [] : ['--postcopy-bandwidth', String(rate)])]
      : []),
    ...(resumes ? [] : copyArguments(mechanism)),
  ];
}

function copyArguments({ autoConverge, throttle, xbzrle, compress, multifd }: Mechanism): readonly string[] {
  const methods = [...(xbzrle ? ['xbzrle'] : []), ...(compress ? ['mt'] : [])];
  const number = (name: string, value: number) => [`--${name}`, String(value)];
  return [
    ...(autoConverge || throttle ? ['--auto-converge'] : []),
    ...(autoConverge ? number('auto-converge-initial', autoConverge.initialPercent) : []),
    ...(autoConverge ? number('auto-converge-increment', autoConverge.incrementPercent) : []),
    ...(methods.length > 0 ? ['--compressed', '--comp-methods', methods.join(',')] : []),
    ...(xbzrle ? number('comp-xbzrle-cache', xbzrle.cacheBytes) : []),
    ...(compress ? number('comp-mt-level', compress.level) : []),
    ...(compress ? number('comp-mt-threads', compress.threads) : []),
    ...(compress ? number('comp-mt-dthreads', compress.threads) : []),
    ...(multifd ? ['--parallel', ...number('parallel-connections', multifd.channels)] : []),
  ];
}

function rateOf(options: { readonly rateCapBitsPerSec: RateCap; readonly rates: RatePolicy }): number | null {
  const { rateCapBitsPerSec: cap, rates } = options;
  if (cap === null) return null;
  return rates === 'exact' ? firstMebibytesPerSec(cap) : mebibytesPerSec(cap);
}
