/** VM profiles as they are reported: what the hypervisor tells, with the VM's own traffic measured by us. */
import { instant } from '@sluice/units';
import type { VmProfile } from './contract/index.ts';
import type { HypervisorDriver, VmView } from './hypervisor.ts';
import { LoadMeter, readCounters } from './nic/load.ts';

export interface VmProfiles {
  /** Profiles with the traffic as of the last `sample`. */
  list(): Promise<VmProfile[]>;
  /** Measures the traffic since the last call; for the heartbeat alone. */
  sample(): Promise<VmProfile[]>;
}

interface Traffic {
  readonly txBitsPerSec: number;
  readonly rxBitsPerSec: number;
}
const NO_TRAFFIC: Traffic = { txBitsPerSec: 0, rxBitsPerSec: 0 };

export function vmProfiles(driver: HypervisorDriver): VmProfiles {
  const meters = new Map<string, LoadMeter>();
  let latest = new Map<string, Traffic>();

  async function measure({ vmId, netCounters }: VmView): Promise<Traffic> {
    if (netCounters === null) return NO_TRAFFIC;
    const { path, device, isHostSide = false } = netCounters;
    const key = `${vmId} ${path} ${device}`;
    const meter =
      meters.get(key) ??
      new LoadMeter(
        () => readCounters(path, device),
        () => instant(performance.now()),
      );
    meters.set(key, meter);
    const { tx, rx } = await meter.sample();
    return isHostSide ? { txBitsPerSec: rx, rxBitsPerSec: tx } : { txBitsPerSec: tx, rxBitsPerSec: rx };
  }

  const profile = ({ netCounters: _, ...view }: VmView): VmProfile => ({
    ...view,
    ...(latest.get(view.vmId) ?? NO_TRAFFIC),
  });

  return {
    list: async () => (await driver.listVms()).map(profile),
    async sample() {
      const views = await driver.listVms();
      const measured = await Promise.all(
        views.map(async (view) => [view.vmId, await measure(view)] as const),
      );
      latest = new Map(measured);
      const present = new Set(
        views.map(({ vmId, netCounters: at }) => `${vmId} ${at?.path ?? ''} ${at?.device ?? ''}`),
      );
      for (const key of meters.keys()) if (!present.has(key)) meters.delete(key);
      return views.map(profile);
    },
  };
}
