/**
 * When a hypervisor may switch over: the gate is shut when a migration begins and opened by the controller's word. Where
 * its width, a downtime limit, depends on the rate that is measured, it follows that as long as it stands open.
 */
import type { SwitchoverTerms } from './hypervisor.ts';

/** A limit that differs by less from the one set is left as it is. */
const TOLERANCE = 0.05;

interface Width {
  readonly limitMs: number;
  /** Tells the hypervisor. */
  readonly set: () => Promise<unknown>;
}

export class SwitchoverGate {
  readonly #widthFor: (terms: SwitchoverTerms | null) => Width;
  /** undefined: shut; null: open to whatever remains. */
  #terms: SwitchoverTerms | null | undefined;
  #limitMs = 0;

  /** `widthFor`: how wide it must stand open for these terms at the rate measured now. */
  constructor(widthFor: (terms: SwitchoverTerms | null) => Width) {
    this.#widthFor = widthFor;
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
    const { limitMs, set } = this.#widthFor(this.#terms);
    if (Math.abs(limitMs - this.#limitMs) <= this.#limitMs * TOLERANCE) return;
    await set();
    this.#limitMs = limitMs;
  }
}
