/**
 * Follows every QEMU of a lab by its second monitor: when each guest stopped and ran again, as QEMU itself stamps it.
 * Beside the agent, which uses the first; who is measured does not notice.
 */
import { QmpClient, type QmpEvent } from '@sluice/agents';
import { guestFiles } from '../guests/guest-files.ts';
import { listLabGuests } from '../guests/index.ts';
import { poll } from '../lab/poll.ts';
import { monotonicMs } from '../traffic/index.ts';
import { wallOffsetMs } from './wall-clock.ts';

/** A QEMU that takes a guest in is there seconds before it gets it. */
const LOOK_PERIOD_MS = 100;
/** An event is heard within milliseconds; one that seems to come from elsewhere was stamped before a clock was set. */
const LAG_MAX_MS = 1000;

export interface MonitorEvent {
  readonly host: string;
  readonly vmId: string;
  /** STOP, RESUME, MIGRATION ... */
  readonly name: string;
  /** As QEMU stamped it, on the monotonic clock. */
  readonly atMs: number;
  /** From that instant until it was heard here. */
  readonly lagMs: number;
}

export interface Monitors {
  readonly events: readonly MonitorEvent[];
  /** Stamps that could not be true: the wall clock was set meanwhile. */
  readonly impossible: number;
  /** The first such event of a VM after the instant, now or within the time. @throws LabFailure `timed_out` */
  next(vmId: string, name: string, afterMs: number, timeoutMs: number): Promise<MonitorEvent>;
  /** Any QEMU of the VM, by the host it is on. @throws RangeError for one that is not followed */
  at(host: string, vmId: string): QmpClient;
  close(): Promise<void>;
}

/** QEMUs that start later are followed from then on. */
export function watchMonitors(prefix: string): Monitors {
  const events: MonitorEvent[] = [];
  const followed = new Map<string, { readonly place: string; readonly client: QmpClient }>();
  let impossible = 0;
  let closed = false;
  const take = (host: string, vmId: string, event: QmpEvent): void => {
    const heardMs = monotonicMs();
    const atMs = event.atSec * 1000 + wallOffsetMs();
    const lagMs = heardMs - atMs;
    if (Math.abs(lagMs) > LAG_MAX_MS) impossible += 1;
    else events.push({ host, vmId, name: event.name, atMs, lagMs });
  };
  const look = async (): Promise<void> => {
    for (const { host, record, folder } of listLabGuests(prefix)) {
      const key = `${record.pid} ${record.startTicks}`;
      if (followed.has(key)) continue;
      const { vmId } = record;
      const client = await QmpClient.connect(
        { socketPath: guestFiles(folder, vmId).labQmp },
        { onEvent: (event) => take(host, vmId, event) },
      ).catch(() => null);
      if (client === null) continue;
      followed.set(key, { place: `${host} ${vmId}`, client });
      void client.closed.then(() => followed.delete(key));
    }
  };
  const looking = (async () => {
    while (!closed) {
      await look();
      await new Promise((resolve) => setTimeout(resolve, LOOK_PERIOD_MS));
    }
  })();
  return {
    events,
    get impossible() {
      return impossible;
    },
    next: (vmId, name, afterMs, timeoutMs) =>
      poll(`${name} of ${vmId}`, timeoutMs, async () => {
        const isIt = (event: MonitorEvent) => event.vmId === vmId && event.name === name;
        return events.find((event) => isIt(event) && event.atMs >= afterMs) ?? null;
      }),
    at: (host, vmId) => {
      const found = [...followed.values()].find(({ place }) => place === `${host} ${vmId}`);
      if (!found) throw new RangeError(`no QEMU of ${vmId} on ${host} is followed`);
      return found.client;
    },
    close: async () => {
      closed = true;
      await looking;
      for (const { client } of followed.values()) client.close();
    },
  };
}
