/**
 * When QEMU may switch over: never by itself, until the controller's word opens the gate. Its width, a downtime limit,
 * depends on the rate that QEMU measures, so it follows that as long as it stands open.
 */
import type { SwitchoverTerms } from '../hypervisor.ts';
import { DOWNTIME_LIMIT_SHUT_MS } from '../qemu/parameters.ts';
import type { Domain } from './domain.ts';
import { openLimitMs } from './rates.ts';

/** A limit that differs by less from the one set is left as it is. */
const TOLERANCE = 0.05;

export class Gate {
  readonly #domain: Domain;
  readonly #measured: () => number;
  /** undefined: shut; null: open to whatever remains. */
  #terms: SwitchoverTerms | null | undefined;
  #limitMs = 0;
  #limitBeforeMs = 0;

  /** `measured`: what passes the sender, bytes per second. */
  constructor(domain: Domain, measured: () => number) {
    this.#domain = domain;
    this.#measured = measured;
  }

  /** `onLimit` hears what the domain's own limit is, before it is changed. */
  async shut(onLimit: (limitBeforeMs: number) => Promise<void>): Promise<void> {
    this.#limitBeforeMs = await this.#domain.downtimeLimit();
    await onLimit(this.#limitBeforeMs);
    await this.#domain.setDowntimeLimit(DOWNTIME_LIMIT_SHUT_MS);
  }

  async open(terms: SwitchoverTerms | null): Promise<void> {
    this.#terms = terms;
    this.#limitMs = 0;
    await this.follow();
  }

  /** Does nothing as long as the gate is shut. */
  async follow(): Promise<void> {
    if (this.#terms === undefined) return;
    const limitMs = openLimitMs(this.#terms, this.#measured());
    if (Math.abs(limitMs - this.#limitMs) <= this.#limitMs * TOLERANCE) return;
    await this.#domain.setDowntimeLimit(limitMs);
    this.#limitMs = limitMs;
  }

  /** Best effort: the VM goes on whether or not its limit is as it was. */
  async restore(): Promise<void> {
    await this.#domain.setDowntimeLimit(this.#limitBeforeMs).catch(() => undefined);
  }
}
