/**
 * Bytes that meters have seen, over all modifications. Open vSwitch begins a meter's count anew whenever its rate is
 * modified; without this the rest of a link's traffic would look like applications after every resize, and a
 * migration that shares its queue with another could not be measured.
 */
import type { Dpid } from '@sluice/topology';

export class MeterCounts {
  readonly #carried = new Map<string, bigint>();

  /** All it has seen, given what the switch says now. */
  total(dpid: Dpid, meterId: number, counted: bigint): bigint {
    return (this.#carried.get(keyOf(dpid, meterId)) ?? 0n) + counted;
  }

  /** The meter was modified; it had counted this much. */
  carry(dpid: Dpid, meterId: number, counted: bigint): void {
    this.#carried.set(keyOf(dpid, meterId), this.total(dpid, meterId, counted));
  }

  /** The meter is gone; its number may be used again. */
  forget(dpid: Dpid, meterId: number): void {
    this.#carried.delete(keyOf(dpid, meterId));
  }
}

const keyOf = (dpid: Dpid, meterId: number): string => `${dpid}:${meterId}`;
