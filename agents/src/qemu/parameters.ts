/**
 * From our words to QEMU's migration capabilities and parameters. Rates become bytes per second, rounded down because
 * a cap is an upper bound; times become milliseconds.
 */
import type { Mechanism } from '../contract/index.ts';
import type { RateCap, SwitchoverTerms } from '../hypervisor.ts';
import type { QemuFeature, QemuFeatures } from './features.ts';

export type Parameters = Readonly<Record<string, number | string | boolean>>;

/** QEMU has no word for "no cap" that means the same in all versions; no NIC sends a terabit per second. */
const UNCAPPED_BYTES_PER_SEC = 125e9;
/**
 * With less than this QEMU would never look for newly dirtied pages again and stop the guest with all of them unsent:
 * it looks only while `remaining < bandwidth × limit`, and 0 is not less than 0. (In its first 100 ms QEMU knows no
 * bandwidth and so does just that; a guest whose whole memory is sent by then has dirtied no more than 100 ms' worth.)
 */
export const DOWNTIME_LIMIT_SHUT_MS = 1;
/** QEMU's upper bound, 2000 s: it switches over whatever remains. */
export const DOWNTIME_LIMIT_OPEN_MS = 2_000_000;

export const capBytesPerSec = (cap: RateCap): number =>
  cap === null ? UNCAPPED_BYTES_PER_SEC : Math.max(1, Math.floor(cap / 8));

/** The cap in pre-copy, and in post-copy, where QEMU's own default is no cap at all. */
export const rateParameters = (cap: RateCap, features: QemuFeatures): Parameters => ({
  'max-bandwidth': capBytesPerSec(cap),
  ...(features.has('max_postcopy_bandwidth') && { 'max-postcopy-bandwidth': capBytesPerSec(cap) }),
});

/** Somebody else decides when to switch over: until then QEMU does so only with practically nothing left. */
export const gateShut = (features: QemuFeatures): Parameters => ({
  'downtime-limit': DOWNTIME_LIMIT_SHUT_MS,
  ...(features.has('avail_switchover_bandwidth') && { 'avail-switchover-bandwidth': 0 }),
});

/**
 * Without terms: at once. With terms: as soon as what remains can be sent at `rate` within `limit`. QEMU before 8.2
 * multiplies the limit by the rate it measured, so the limit is stretched by reserved/measured to the same volume.
 */
export function gateOpen(
  features: QemuFeatures,
  terms: SwitchoverTerms | null,
  measuredBytesPerSec: number,
): Parameters {
  if (terms === null) return { 'downtime-limit': DOWNTIME_LIMIT_OPEN_MS };
  const limitMs = terms.downtimeLimitSec * 1000;
  const rate = terms.rateBitsPerSec / 8;
  if (features.has('avail_switchover_bandwidth'))
    return {
      'downtime-limit': withinLimits(limitMs),
      'avail-switchover-bandwidth': Math.max(1, Math.floor(rate)),
    };
  const stretched = measuredBytesPerSec > 0 ? (limitMs * rate) / measuredBytesPerSec : limitMs;
  return { 'downtime-limit': withinLimits(stretched) };
}

const withinLimits = (limitMs: number): number =>
  Math.min(DOWNTIME_LIMIT_OPEN_MS, Math.max(DOWNTIME_LIMIT_SHUT_MS, Math.floor(limitMs)));

/** Every capability we ever set, on or off: what an earlier migration left behind does not count. */
export function capabilitiesFor(
  mechanism: Mechanism,
  features: QemuFeatures,
): readonly { readonly capability: string; readonly state: boolean }[] {
  const wanted = (feature: QemuFeature, capability: string, state: boolean) =>
    features.has(feature) ? [{ capability, state }] : [];
  return [
    ...wanted('events', 'events', true),
    ...wanted('return_path', 'return-path', true),
    ...wanted('pause_before_switchover', 'pause-before-switchover', true),
    ...wanted('postcopy_ram', 'postcopy-ram', mechanism.postcopy === true),
    ...wanted('auto_converge', 'auto-converge', slowsDown(mechanism)),
    ...wanted('xbzrle', 'xbzrle', mechanism.xbzrle !== undefined),
    ...wanted('compress', 'compress', mechanism.compress !== undefined),
    ...wanted('multifd', 'multifd', mechanism.multifd !== undefined),
    ...wanted('dirty_limit', 'dirty-limit', mechanism.dirtyLimit !== undefined),
  ];
}

/**
 * What does not go together QEMU itself refuses when the capabilities are set, in its own words.
 * @throws DriverFailure 'unsupported' with the name of the first thing asked for that is missing
 */
export function requireMechanism(mechanism: Mechanism, features: QemuFeatures): void {
  features.require('events');
  if (mechanism.postcopy === true) {
    features.require('postcopy_ram');
    features.require('max_postcopy_bandwidth');
  }
  if (slowsDown(mechanism)) features.require('auto_converge');
  if (mechanism.xbzrle !== undefined) features.require('xbzrle');
  if (mechanism.compress !== undefined) features.require('compress');
  if (mechanism.multifd !== undefined) features.require('multifd');
  if (mechanism.dirtyLimit !== undefined) features.require('dirty_limit');
  if (mechanism.announce !== undefined) features.require('announce');
  if (mechanism.storage === true) features.require('storage');
  // `legacy` is what a QEMU without the choice does.
  if (mechanism.zeroPages !== undefined && mechanism.zeroPages !== 'legacy')
    features.require('zero_page_detection');
}

const slowsDown = ({ autoConverge, throttle }: Mechanism): boolean =>
  autoConverge !== undefined || throttle === true;

/**
 * QEMU has no order to slow a guest down, only a rule (auto-converge): when at two looks at the dirty pages, a second
 * apart or more, too many were found, the next step is taken. So the step is made as large as the share, its bound,
 * and "too many" anything at all. It takes effect after up to two rounds, and 1 % is the least that QEMU knows.
 */
export function throttleParameters(share: number): Parameters {
  const percent = Math.min(THROTTLE_PERCENT_MAX, Math.max(1, Math.round(share * 100)));
  return {
    'cpu-throttle-initial': percent,
    'cpu-throttle-increment': percent,
    'max-cpu-throttle': percent,
    'throttle-trigger-threshold': share > 0 ? 1 : 100,
  };
}
const THROTTLE_PERCENT_MAX = 99;

export function mechanismParameters(mechanism: Mechanism, features: QemuFeatures): Parameters {
  const { autoConverge, xbzrle, compress, multifd, announce, zeroPages, dirtyLimit } = mechanism;
  return {
    ...(mechanism.throttle && throttleParameters(0)),
    ...(autoConverge && {
      'cpu-throttle-initial': autoConverge.initialPercent,
      'cpu-throttle-increment': autoConverge.incrementPercent,
      'max-cpu-throttle': autoConverge.maxPercent,
    }),
    ...(xbzrle && { 'xbzrle-cache-size': xbzrle.cacheBytes }),
    ...(compress && {
      'compress-threads': compress.threads,
      'decompress-threads': compress.threads,
      'compress-level': compress.level,
    }),
    ...(multifd && { 'multifd-channels': multifd.channels }),
    ...(announce && {
      'announce-initial': announce.initialMs,
      'announce-max': announce.maxMs,
      'announce-rounds': announce.rounds,
      'announce-step': announce.stepMs,
    }),
    ...(zeroPages && features.has('zero_page_detection') && { 'zero-page-detection': zeroPages }),
    ...(dirtyLimit && { 'vcpu-dirty-limit': dirtyLimit.mebibytesPerSec }),
  };
}
