/**
 * When QEMU may switch over. The gate is shut when a migration begins (`gateShut`) and opened by the controller's
 * word. Before 8.2 its width depends on the rate that QEMU measures, so it follows that as long as it stands open.
 */
import type { SwitchoverTerms } from '../hypervisor.ts';
import type { Guest } from './guest.ts';
import { gateOpen } from './parameters.ts';

/** A limit that differs by less from the one set is left as it is. */
const TOLERANCE = 0.05;

export class SwitchoverGate {
  readonly #guest: Guest;
  readonly #measured: () => number;
  /** undefined: shut; null: open to whatever remains. */
  #terms: SwitchoverTerms | null | undefined;
  #limitMs = 0;

  /** `measured`: what passes the sender, bytes per second. */
  constructor(guest: Guest, measured: () => number) {
    this.#guest = guest;
    this.#measured = measured;
  }

  get isOpen(): boolean {
    return this.#terms !== undefined;
  }

  async open(terms: SwitchoverTerms | null): Promise<void> {
    this.#terms = terms;
    this.#limitMs = 0;
    await this.follow();
  }

  /** Does nothing as long as the gate is shut. */
  async follow(): Promise<void> {
    if (this.#terms === undefined) return;
    const parameters = gateOpen(this.#guest.features, this.#terms, this.#measured());
    const limitMs = Number(parameters['downtime-limit']);
    if (Math.abs(limitMs - this.#limitMs) <= this.#limitMs * TOLERANCE) return;
    await this.#guest.setParameters(parameters);
    this.#limitMs = limitMs;
  }
}
