/** Two emulated hosts on loopback without root: drivers in this process, VMs and migrators in processes of their own. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type VmConfig, vmConfigSchema } from '../config.ts';
import { destroyVms } from '../emulated/destroy-vms.ts';
import { EmulatedDriver } from '../emulated/driver.ts';
import { stateDirPaths, vmPaths } from '../emulated/state-dir.ts';
import { VmClient } from '../emulated/vm-client.ts';
import type { HypervisorEvent } from '../hypervisor.ts';

/** A busy machine may take seconds to start a process; an event that never comes takes this long to fail. */
const EVENT_LIMIT_MS = 90_000;
const POLL_MS = 10;

export type Side = 'source' | 'destination';
type EventOf<K extends HypervisorEvent['kind']> = Extract<HypervisorEvent, { kind: K }>;

export interface Pair {
  readonly source: EmulatedDriver;
  readonly destination: EmulatedDriver;
  readonly memoryBytes: number;
  readonly stateDir: Readonly<Record<Side, string>>;
  /** Prepares the destination and starts at the source; `via` may put a proxy in between. */
  begin(
    migrationId: string,
    rateCapBitsPerSec: number | null,
    via?: (port: number) => Promise<number>,
  ): Promise<void>;
  /** The next event of this kind; others stay, because two hosts' events have no order between them. */
  next<K extends HypervisorEvent['kind']>(kind: K): Promise<EventOf<K>>;
  control(side: Side): Promise<VmClient>;
  damagedPages(side: Side): Promise<number>;
  close(): Promise<void>;
}

export const testVm = (overrides: Partial<VmConfig> = {}): VmConfig =>
  vmConfigSchema.parse({
    vmId: 'vm',
    memoryBytes: 8 * 1024 * 1024,
    mac: '02:00:00:00:00:01',
    ip: '10.0.0.101',
    network: null,
    guestPort: null,
    dirty: {
      phases: [
        { durationSec: 1, dirtyRateBytesPerSec: 1e6, workingSetBytes: 1024 * 1024, pattern: 'random' },
      ],
      repeat: false,
    },
    ...overrides,
  });

export async function emulatedPair(options: { readonly vm?: Partial<VmConfig> } = {}): Promise<Pair> {
  const root = await mkdtemp(join(tmpdir(), 'slp-'));
  const stateDir = { source: join(root, 's'), destination: join(root, 'd') };
  const vm = testVm(options.vm);
  const events: HypervisorEvent[] = [];
  const open = async (side: Side, vms: readonly VmConfig[]): Promise<EmulatedDriver> => {
    const driver = new EmulatedDriver({ stateDir: stateDir[side], listenIp: '127.0.0.1', host: null, vms });
    await driver.start({ onEvent: (event) => events.push(event), onVmsChanged: () => undefined });
    return driver;
  };
  const [source, destination] = await Promise.all([open('source', [vm]), open('destination', [])]);
  const control = (side: Side) => VmClient.connect(vmPaths(stateDirPaths(stateDir[side]).vm(vm.vmId)).socket);

  return {
    source,
    destination,
    memoryBytes: vm.memoryBytes,
    stateDir,
    control,
    async begin(migrationId, rateCapBitsPerSec, via) {
      const { vmId, memoryBytes } = vm;
      const { ip, port } = await destination.prepareIncoming({ migrationId, vmId, memoryBytes });
      const target = { ip, port: via === undefined ? port : await via(port) };
      await source.startMigration({ migrationId, vmId, destination: target, rateCapBitsPerSec });
    },
    async next(kind) {
      const deadline = Date.now() + EVENT_LIMIT_MS;
      for (;;) {
        const at = events.findIndex((event) => event.kind === kind);
        if (at !== -1) return events.splice(at, 1)[0] as EventOf<typeof kind>;
        if (Date.now() > deadline) throw new Error(`no ${kind}; instead: ${JSON.stringify(events)}`);
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      }
    },
    async damagedPages(side) {
      const client = await control(side);
      try {
        return await client.verify();
      } finally {
        client.close();
      }
    },
    async close() {
      await Promise.all([source.close(), destination.close()]);
      await Promise.all([destroyVms(stateDir.source), destroyVms(stateDir.destination)]);
      await rm(root, { recursive: true, force: true });
    },
  };
}
