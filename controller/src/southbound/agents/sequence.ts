/**
 * Which reports are new. An agent takes a new boot id at every start and counts its reports; Redis keeps their
 * order. So a report is stale when its boot has been replaced, and a duplicate when its number has been seen.
 */
import type { HostId } from '@sluice/topology';

/** Boots remembered per host; an entry of an older one can only come from a stream read again from its beginning. */
export const BOOTS_KEPT = 16;

export type Verdict = 'fresh' | 'duplicate' | 'stray';

interface HostSequence {
  readonly boots: string[];
  lastSeq: number;
}

export class ReportSequence {
  readonly #hosts: ReadonlySet<HostId>;
  readonly #seen = new Map<HostId, HostSequence>();

  constructor(hosts: Iterable<HostId>) {
    this.#hosts = new Set(hosts);
  }

  /** Judges and remembers. `stray`: nobody we know, or an agent that a newer one has replaced. */
  take(hostId: HostId, bootId: string, seq: number): Verdict {
    if (!this.#hosts.has(hostId)) return 'stray';
    const known = this.#seen.get(hostId);
    if (!known) {
      this.#seen.set(hostId, { boots: [bootId], lastSeq: seq });
      return 'fresh';
    }
    if (known.boots.at(-1) === bootId) {
      if (seq <= known.lastSeq) return 'duplicate';
      known.lastSeq = seq;
      return 'fresh';
    }
    if (known.boots.includes(bootId)) return 'stray';
    known.boots.push(bootId);
    if (known.boots.length > BOOTS_KEPT) known.boots.shift();
    known.lastSeq = seq;
    return 'fresh';
  }
}
