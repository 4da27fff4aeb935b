/**
 * The word that a VM has stopped for its migration: given once, and at once. Its users wait from here on, so when QEMU
 * says it by itself nothing is asked first, and what remains is as of the last look. Where QEMU stops without that
 * word (post-copy, no pause before a switchover), the next look tells.
 */
import type { MigrationNews } from '../hypervisor.ts';
import type { GuestNews } from './guest.ts';
import type { Snapshot } from './migration-status.ts';
import type { Progress } from './progress.ts';

export class StopWord {
  readonly #progress: Progress;
  readonly #tell: (news: MigrationNews) => void;
  #isTold = false;

  constructor(progress: Progress, tell: (news: MigrationNews) => void) {
    this.#progress = progress;
    this.#tell = tell;
  }

  /** In this status QEMU has stopped the VM itself; somebody else's pause does not look like that. */
  hear(news: GuestNews): void {
    const { remainingBytes } = this.#progress;
    if (typeof news === 'string' || remainingBytes === undefined) return;
    if (news.name === 'MIGRATION' && news.data.status === 'pre-switchover') this.#once(remainingBytes);
  }

  /** A look at a VM that stands still. */
  see(seen: Snapshot): void {
    if (this.#progress.markStop(seen)) this.#once(seen.remainingBytes);
  }

  #once(remainingBytes: number): void {
    if (!this.#isTold) this.#tell({ kind: 'vm_stopped', remainingBytes });
    this.#isTold = true;
  }
}
