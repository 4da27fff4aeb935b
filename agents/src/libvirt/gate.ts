/** The gate of a domain is its downtime limit, which libvirt keeps for the next migration: it is put back. */
import type { SwitchoverTerms } from '../hypervisor.ts';
import { DOWNTIME_LIMIT_SHUT_MS } from '../qemu/parameters.ts';
import { SwitchoverGate } from '../switchover-gate.ts';
import type { Domain } from './domain.ts';
import { openLimitMs } from './rates.ts';

export class DomainGate {
  readonly #domain: Domain;
  readonly #gate: SwitchoverGate;
  #limitBeforeMs = 0;

  /** `measured`: what passes the sender, bytes per second. */
  constructor(domain: Domain, measured: () => number) {
    this.#domain = domain;
    this.#gate = new SwitchoverGate((terms) => {
      const limitMs = openLimitMs(terms, measured());
      return { limitMs, set: () => domain.setDowntimeLimit(limitMs) };
    });
  }

  /** `onLimit` hears what the domain's own limit is, before it is changed. */
  async shut(onLimit: (limitBeforeMs: number) => Promise<void>): Promise<void> {
    this.#limitBeforeMs = await this.#domain.downtimeLimit();
    await onLimit(this.#limitBeforeMs);
    await this.#domain.setDowntimeLimit(DOWNTIME_LIMIT_SHUT_MS);
  }

  open(terms: SwitchoverTerms | null): Promise<void> {
    return this.#gate.open(terms);
  }

  follow(): Promise<void> {
    return this.#gate.follow();
  }

  /** Best effort: the VM goes on whether or not its limit is as it was. */
  async restore(): Promise<void> {
    await this.#domain.setDowntimeLimit(this.#limitBeforeMs).catch(() => undefined);
  }
}
