/** Two hosts' drivers over a real QEMU each: the guest migrates from one to the other on loopback. */
import type { HypervisorEvent } from '../hypervisor.ts';
import { QemuDriver } from '../qemu/driver.ts';
import { type QemuGuests, type QemuGuestsOptions, qemuGuests, type Side, until } from './qemu-guests.ts';

export { qemuMissing } from './qemu-guests.ts';

type EventOf<K extends HypervisorEvent['kind']> = Extract<HypervisorEvent, { kind: K }>;

export interface QemuPair extends QemuGuests {
  readonly driver: Readonly<Record<Side, QemuDriver>>;
  readonly events: readonly HypervisorEvent[];
  /** The next event of this kind; others stay, because two hosts' events have no order between them. */
  next<K extends HypervisorEvent['kind']>(kind: K): Promise<EventOf<K>>;
  runState(side: Side): Promise<string | undefined>;
}

export interface QemuPairOptions extends QemuGuestsOptions {
  readonly stallLimitMs?: number;
}

export async function qemuPair({ stallLimitMs = 5000, ...options }: QemuPairOptions = {}): Promise<QemuPair> {
  const guests = await qemuGuests(options);
  const events: HypervisorEvent[] = [];
  const open = async (side: Side): Promise<QemuDriver> => {
    const driver = new QemuDriver({
      ...{ guestsDir: guests.guestsDir[side], launchIncoming: null, listenIp: '127.0.0.1' },
      ...{ ports: { first: 49_152, last: 49_407 }, stallLimitMs, dirtyRatePeriodMs: 1000 },
    });
    await driver.start({ onEvent: (event) => events.push(event), onVmsChanged: () => undefined });
    return driver;
  };
  const [source, destination] = await Promise.all([open('source'), open('destination')]);
  const driver = { source, destination };
  return {
    ...guests,
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
    runState: async (side) => (await driver[side].listVms()).find(({ vmId }) => vmId === 'vm')?.state,
    async close() {
      await Promise.all([source.close(), destination.close()]);
      await guests.close();
    },
  };
}
