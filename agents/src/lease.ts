/**
 * The agent's lease from its controller: renewed whenever Redis takes a heartbeat of ours and holds the controller's
 * sign of life. When it runs out, nobody decides about the migrations of this host any more and the network no longer
 * keeps a rate for them, so those that can still be taken back are ended and leave the NIC.
 */
import type { Instant, Millis } from '@sluice/units';
import { elapsed } from '@sluice/units';

export interface Lease {
  /** What became of the last attempt; `controller`: whether it is alive, null = it has never said so. */
  renew(heard: { readonly redis: boolean; readonly controller: boolean | null }): void;
  readonly isHeld: boolean;
}

export function startLease(options: {
  readonly duration: Millis;
  readonly now: () => Instant;
  /** Once per loss. */
  readonly onLost: (silentMs: Millis) => void;
}): Lease {
  const { duration, now, onLost } = options;
  let heardAt = now();
  let isHeld = true;
  return {
    get isHeld() {
      return isHeld;
    },
    renew({ redis, controller }) {
      if (redis && controller !== false) {
        heardAt = now();
        isHeld = true;
        return;
      }
      const silent = elapsed(heardAt, now());
      if (!isHeld || silent < duration) return;
      isHeld = false;
      onLost(silent);
    },
  };
}
