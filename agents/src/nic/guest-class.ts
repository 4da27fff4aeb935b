/**
 * The class that keeps the applications' floor on the NIC: what this host's VMs send, told by their MAC addresses. It is
 * there while a migration that uses the NIC has a floor to keep, guarantees the largest of these floors and may borrow
 * all that is unused; what the host itself sends stays in the default class.
 */
import { type BitsPerSec, bitsPerSec } from '@sluice/units';

const GUEST_MINOR = 0x30;
/** Behind the filters of all migrations. */
const GUEST_PREF = '1024';

export interface GuestClass {
  /** Guaranteed now; 0 while there is no class. */
  readonly rate: BitsPerSec;
  /** The kernel is told; a rate of 0 takes class and filters away. */
  apply(rate: BitsPerSec): Promise<void>;
  /** The VMs that are here now. */
  setGuests(macs: readonly string[]): Promise<void>;
  /** The device was cleared. */
  reset(): void;
}

export function guestClass(kernel: {
  readonly tc: (...args: string[]) => Promise<string>;
  readonly device: string;
  readonly htbClass: (verb: 'add' | 'change', minor: number, rate: BitsPerSec) => Promise<string>;
}): GuestClass {
  const { tc, device, htbClass } = kernel;
  const filter = (verb: 'add' | 'del', ...rest: string[]) =>
    tc(...['filter', verb, 'dev', device, 'parent', '1:', 'protocol', 'all', 'pref', GUEST_PREF], ...rest);
  let rate = bitsPerSec(0);
  let macs: readonly string[] = [];
  let filtered: readonly string[] = [];

  /** All at once: for the moment in between, what the VMs send is like anything else of this host. */
  async function classify(wanted: readonly string[]): Promise<void> {
    if (filtered.join() === wanted.join()) return;
    if (filtered.length > 0) await filter('del');
    filtered = [];
    for (const mac of wanted) {
      await filter('add', 'u32', 'match', 'ether', 'src', mac, 'flowid', `1:${GUEST_MINOR.toString(16)}`);
      filtered = [...filtered, mac];
    }
  }

  return {
    get rate() {
      return rate;
    },
    async apply(wanted) {
      if (wanted === rate) return;
      if (wanted === 0) {
        await classify([]);
        await tc('class', 'del', 'dev', device, 'classid', `1:${GUEST_MINOR.toString(16)}`);
      } else await htbClass(rate === 0 ? 'add' : 'change', GUEST_MINOR, wanted);
      rate = wanted;
      if (wanted > 0) await classify(macs);
    },
    async setGuests(present) {
      macs = [...new Set(present)].filter((mac) => mac !== '').sort();
      if (rate > 0) await classify(macs);
    },
    reset() {
      rate = bitsPerSec(0);
      filtered = [];
    },
  };
}
