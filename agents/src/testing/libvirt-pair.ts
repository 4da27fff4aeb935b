/** Two hosts' drivers over a private libvirt daemon each: a guest migrates from one to the other on loopback. */
import { join } from 'node:path';
import type { HypervisorEvent } from '../hypervisor.ts';
import type { RatePolicy } from '../libvirt/domain.ts';
import { LibvirtDriver, type LibvirtDriverOptions } from '../libvirt/driver.ts';
import { LISTEN_IP, type PrivateLibvirt } from './private-libvirt.ts';
import { type Side, until } from './qemu-guests.ts';

type EventOf<K extends HypervisorEvent['kind']> = Extract<HypervisorEvent, { kind: K }>;

export interface LibvirtPair {
  readonly driver: Readonly<Record<Side, LibvirtDriver>>;
  readonly events: readonly HypervisorEvent[];
  /** The next event of this kind; others stay, because two hosts' events have no order between them. */
  next<K extends HypervisorEvent['kind']>(kind: K): Promise<EventOf<K>>;
  state(side: Side, vmId: string): Promise<string | undefined>;
  close(): Promise<void>;
}

export interface LibvirtPairOptions {
  readonly rates?: RatePolicy;
  readonly stallLimitMs?: number;
  readonly dirtyRatePeriodMs?: number;
}

export const driverOptions = (
  libvirt: PrivateLibvirt,
  side: Side,
  { rates = 'exact', stallLimitMs = 5000, dirtyRatePeriodMs = 0 }: LibvirtPairOptions = {},
): LibvirtDriverOptions => ({
  ...{ virsh: ['virsh'], uri: libvirt.uri(side), destinationUri: libvirt.uriTemplate, rates },
  ...{ listenIp: LISTEN_IP[side], ports: { first: 49_216, last: 49_407 }, stallLimitMs, dirtyRatePeriodMs },
  marksDir: join(libvirt.root, `marks-${side}`),
});

export async function libvirtPair(
  libvirt: PrivateLibvirt,
  options: LibvirtPairOptions = {},
): Promise<LibvirtPair> {
  const events: HypervisorEvent[] = [];
  const open = async (side: Side): Promise<LibvirtDriver> => {
    const driver = new LibvirtDriver(driverOptions(libvirt, side, options));
    await driver.start({ onEvent: (event) => events.push(event), onVmsChanged: () => undefined });
    return driver;
  };
  const [source, destination] = await Promise.all([open('source'), open('destination')]);
  const driver = { source, destination };
  return {
    driver,
    events,
    async next(kind) {
      const place = () => events.findIndex((event) => event.kind === kind);
      await until(
        () => place() !== -1,
        () => `no ${kind}; instead: ${JSON.stringify(events)}`,
      );
      return events.splice(place(), 1)[0] as EventOf<typeof kind>; // It was found by this kind.
    },
    state: async (side, vmId) => (await driver[side].listVms()).find((view) => view.vmId === vmId)?.state,
    async close() {
      await Promise.all([source.close(), destination.close()]);
    },
  };
}
