/** The data plane of shadow mode: no switch is connected, nothing is changed, nothing is measured. */
import type { Network } from './interfaces.ts';

const nothing = async (): Promise<void> => {};

/** The core asks it for nothing in shadow mode; every operation succeeds without doing anything. */
export const createShadowNetwork = (): Network => ({
  start: nothing,
  install: nothing,
  resize: nothing,
  reroute: nothing,
  remove: nothing,
  readCounters: async () => ({ queueBytes: null, meterBytes: null }),
  setForwarding: nothing,
  status: () => ({ ready: true, switches: [], links: [], alerts: [] }),
  close: nothing,
});
