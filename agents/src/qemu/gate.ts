/** The gate of a QEMU guest: `gateShut` shuts it; before 8.2 its width depends on the rate that QEMU measures. */
import { SwitchoverGate } from '../switchover-gate.ts';
import type { Guest } from './guest.ts';
import { gateOpen } from './parameters.ts';

/** `measured`: what passes the sender, bytes per second. */
export const guestGate = (guest: Guest, measured: () => number): SwitchoverGate =>
  new SwitchoverGate((terms) => {
    const parameters = gateOpen(guest.features, terms, measured());
    return { limitMs: Number(parameters['downtime-limit']), set: () => guest.setParameters(parameters) };
  });
