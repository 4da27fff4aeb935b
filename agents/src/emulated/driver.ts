/**
 * The emulated hypervisor: VMs, senders and receivers are processes of their own. The driver starts them, adopts the
 * VMs of an earlier agent from the state directory and translates what the processes tell into events.
 */
import type { ChildProcess } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { z } from 'zod';
import { PAGE_BYTES, type VmConfig } from '../config.ts';
import type { Mechanism } from '../contract/index.ts';
import {
  type DriverCapability,
  DriverFailure,
  type HypervisorDriver,
  type HypervisorEvent,
  type VmView,
} from '../hypervisor.ts';
import { systemRunner } from '../run-command.ts';
import { childReady, release, startChild } from './child.ts';
import { type HostNetwork, linuxGuestNetwork } from './guest-network.ts';
import {
  type ReceiverOptions,
  receiverEventSchema,
  type SenderCommand,
  type SenderOptions,
  senderEventSchema,
} from './migration-protocol.ts';
import { identify, isAlive, type ProcessIdentity } from './process-identity.ts';
import {
  markStarted,
  readVm,
  recordedVms,
  removeVmDir,
  stateDirPaths,
  vmPaths,
  wasStarted,
} from './state-dir.ts';
import { VmClient } from './vm-client.ts';
import type { VmProcessOptions } from './vm-protocol.ts';

/** A VM whose receiver finished after its agent had gone is found by looking again. */
const RESCAN_PERIOD_MS = 2000;
/** Closing waits this long for senders and receivers to end their migrations. */
const CLOSE_LIMIT_MS = 5000;

export interface EmulatedDriverOptions {
  readonly stateDir: string;
  readonly listenIp: string;
  /** null: VMs have no network. */
  readonly host: HostNetwork | null;
  readonly vms: readonly VmConfig[];
}

interface RunningMigration {
  readonly vmId: string;
  readonly side: 'source' | 'destination';
  readonly child: ChildProcess;
  readonly ended: Promise<void>;
}

export class EmulatedDriver implements HypervisorDriver {
  readonly #options: EmulatedDriverOptions;
  readonly #paths: ReturnType<typeof stateDirPaths>;
  readonly #vms = new Map<string, VmClient>();
  readonly #migrations = new Map<string, RunningMigration>();
  #onEvent: (event: HypervisorEvent) => void = () => undefined;
  #onVmsChanged: () => void = () => undefined;
  #rescan: NodeJS.Timeout | undefined;

  constructor(options: EmulatedDriverOptions) {
    this.#options = options;
    this.#paths = stateDirPaths(options.stateDir);
  }

  async start({ onEvent, onVmsChanged }: Parameters<HypervisorDriver['start']>[0]): Promise<void> {
    this.#onEvent = onEvent;
    this.#onVmsChanged = onVmsChanged;
    await mkdir(this.#paths.vms, { recursive: true });
    await this.#adoptAll();
    for (const vm of this.#options.vms) {
      if (await wasStarted(this.#options.stateDir, vm.vmId)) continue;
      await this.#boot(vm);
      await markStarted(this.#options.stateDir, vm.vmId);
    }
    this.#rescan = setInterval(() => void this.#adoptAll(), RESCAN_PERIOD_MS);
  }

  async listVms(): Promise<readonly VmView[]> {
    const views = await Promise.all([...this.#vms].map(([vmId, client]) => viewOf(vmId, client)));
    return views.filter((view) => view !== undefined);
  }

  async prepareIncoming(
    incoming: Parameters<HypervisorDriver['prepareIncoming']>[0],
  ): Promise<{ ip: string; port: number }> {
    const { migrationId, vmId, memoryBytes, mechanism = {} } = incoming;
    refuseMechanism(mechanism);
    this.#refuseBusy(migrationId, vmId);
    if (this.#vms.has(vmId)) throw new DriverFailure('busy', `VM ${vmId} is on this host already`);
    const options: ReceiverOptions = {
      migrationId,
      vmId,
      memoryBytes,
      listenIp: this.#options.listenIp,
      vmDir: this.#paths.vm(vmId),
      vmLogFile: this.#paths.log(`vm-${vmId}`),
      host: this.#options.host,
    };
    const child = startChild({
      entry: 'receiver-process',
      options,
      logFile: this.#paths.log(`receiver-${migrationId}`),
    });
    this.#track(migrationId, { vmId, side: 'destination', child });
    return new Promise((resolve, reject) => {
      child.on('message', (message) => {
        const event = understood(receiverEventSchema, message, 'receiver');
        if (event.kind === 'ready') resolve({ ip: this.#options.listenIp, port: event.port });
        else if (event.kind === 'failed') {
          reject(new DriverFailure(event.code, event.detail));
          this.#finish(migrationId, { ...event, migrationId, side: 'destination' });
        } else void this.#resumed(migrationId, vmId);
      });
      child.once('exit', () =>
        reject(new DriverFailure('internal', 'the receiver ended before it was ready')),
      );
    });
  }

  async startMigration(outgoing: Parameters<HypervisorDriver['startMigration']>[0]): Promise<void> {
    const { migrationId, vmId, destination, rateCapBitsPerSec, mechanism = {} } = outgoing;
    refuseMechanism(mechanism);
    if (!this.#vms.has(vmId)) throw new DriverFailure('unknown_vm', `no VM ${vmId} on this host`);
    this.#refuseBusy(migrationId, vmId);
    const options: SenderOptions = {
      migrationId,
      vmId,
      vmSocket: vmPaths(this.#paths.vm(vmId)).socket,
      destination,
      rateCapBitsPerSec,
    };
    const child = startChild({
      entry: 'sender-process',
      options,
      logFile: this.#paths.log(`sender-${migrationId}`),
    });
    this.#track(migrationId, { vmId, side: 'source', child });
    child.on('message', (message) => {
      const event = understood(senderEventSchema, message, 'sender');
      if (event.kind === 'ready') return;
      if (event.kind === 'failed') this.#finish(migrationId, { ...event, migrationId, side: 'source' });
      else if (event.kind === 'completed') {
        this.#drop(vmId);
        this.#finish(migrationId, { ...event, migrationId });
      } else this.#onEvent({ ...event, migrationId });
    });
  }

  nextRound(migrationId: string, round: number, rateCapBitsPerSec: number | null): void {
    this.#command(migrationId, { kind: 'next_round', round, rateCapBitsPerSec });
  }

  beginSwitchover(migrationId: string, rateCapBitsPerSec: number | null): void {
    this.#command(migrationId, { kind: 'begin_switchover', rateCapBitsPerSec });
  }

  setRateCap(migrationId: string, rateCapBitsPerSec: number | null): void {
    this.#command(migrationId, { kind: 'set_rate_cap', rateCapBitsPerSec });
  }

  cancel(migrationId: string, reason: string): void {
    const migration = this.#migrations.get(migrationId);
    if (migration === undefined)
      throw new DriverFailure('unknown_migration', `no migration ${migrationId} here`);
    migration.child.send({ kind: 'cancel', reason } satisfies SenderCommand, () => undefined);
  }

  /** It copies memory in rounds and waits at their ends, so the switchover is at the word; that is all it does. */
  capabilities(): ReadonlySet<DriverCapability> {
    return new Set(['switchover_terms', 'throttle']);
  }

  throttle(migrationId: string, share: number): void {
    this.#command(migrationId, { kind: 'throttle', share });
  }

  startPostcopy(): void {
    refuse('postcopy');
  }

  pausePostcopy(): void {
    refuse('postcopy');
  }

  recoverPostcopy(): void {
    refuse('postcopy_recovery');
  }

  async prepareRecovery(): Promise<never> {
    return refuse('postcopy_recovery');
  }

  async close(): Promise<void> {
    clearInterval(this.#rescan);
    const running = [...this.#migrations.values()];
    for (const id of [...this.#migrations.keys()]) this.cancel(id, 'the agent stops');
    await Promise.race([
      Promise.all(running.map(({ ended }) => ended)),
      new Promise((resolve) => setTimeout(resolve, CLOSE_LIMIT_MS).unref()),
    ]);
    for (const { child } of running) release(child);
    for (const client of this.#vms.values()) client.close();
    this.#vms.clear();
  }

  async #boot(vm: VmConfig): Promise<void> {
    const { host } = this.#options;
    if (vm.network !== null && host !== null)
      await linuxGuestNetwork(host, systemRunner).create({ ...vm, network: vm.network });
    const guest = vm.guestPort === null ? null : await this.#startGuest(vm, vm.guestPort);
    const options: VmProcessOptions = {
      dir: this.#paths.vm(vm.vmId),
      memoryBytes: vm.memoryBytes,
      host,
      boot: { vm, guest },
    };
    await removeVmDir(options.dir);
    const logFile = this.#paths.log(`vm-${vm.vmId}`);
    const child = startChild({ entry: 'vm-process', options, logFile });
    await childReady(child, 'vm-process');
    release(child);
    await this.#adopt(vm.vmId);
  }

  async #startGuest(vm: VmConfig, port: number): Promise<ProcessIdentity> {
    const child = startChild({
      entry: 'guest-service',
      options: { port, vmId: vm.vmId },
      logFile: this.#paths.log(`guest-${vm.vmId}`),
      namespace: vm.network?.namespace ?? null,
    });
    await childReady(child, 'guest-service');
    const identity = child.pid === undefined ? undefined : await identify(child.pid);
    release(child);
    if (identity === undefined)
      throw new DriverFailure('internal', `the guest service of ${vm.vmId} is gone`);
    return identity;
  }

  async #adoptAll(): Promise<void> {
    for (const { dir, record } of await recordedVms(this.#options.stateDir)) {
      const { vmId } = record.vm;
      if (this.#vms.has(vmId) || this.#isBusy(vmId)) continue;
      if (await isAlive(record.process)) await this.#adopt(vmId).catch(() => undefined);
      else await removeVmDir(dir); // Killed: its memory is gone.
    }
  }

  async #adopt(vmId: string): Promise<void> {
    const dir = this.#paths.vm(vmId);
    if ((await readVm(dir)) === undefined || this.#vms.has(vmId)) return;
    const client = await VmClient.connect(vmPaths(dir).socket);
    this.#vms.set(vmId, client);
    client.closed.then(() => {
      if (this.#vms.get(vmId) === client) this.#drop(vmId);
    });
    this.#onVmsChanged();
  }

  #drop(vmId: string): void {
    this.#vms.get(vmId)?.close();
    if (this.#vms.delete(vmId)) this.#onVmsChanged();
  }

  async #resumed(migrationId: string, vmId: string): Promise<void> {
    this.#untrack(migrationId);
    await this.#adopt(vmId).catch(() => undefined); // Else the next scan finds it.
    this.#onEvent({ kind: 'vm_resumed', migrationId, vmId });
  }

  #track(migrationId: string, migration: Omit<RunningMigration, 'ended'>): void {
    const ended = new Promise<void>((resolve) => migration.child.once('exit', () => resolve()));
    this.#migrations.set(migrationId, { ...migration, ended });
    ended.then(() => {
      if (!this.#migrations.has(migrationId)) return;
      // Killed without a word: a VM paused by its sender goes on by itself, an incoming copy is gone.
      this.#finish(migrationId, {
        kind: 'failed',
        migrationId,
        side: migration.side,
        code: 'internal',
        detail: `the ${migration.side === 'source' ? 'sender' : 'receiver'} process ended unexpectedly`,
        vmRunning: migration.side === 'source' && this.#vms.has(migration.vmId),
      });
    });
  }

  #finish(migrationId: string, event: HypervisorEvent): void {
    if (this.#untrack(migrationId)) this.#onEvent(event);
  }

  #untrack(migrationId: string): boolean {
    const migration = this.#migrations.get(migrationId);
    // It may linger to be asked; that is no reason for us to stay.
    migration?.child.unref();
    migration?.child.channel?.unref();
    return this.#migrations.delete(migrationId);
  }

  #command(migrationId: string, command: SenderCommand): void {
    const migration = this.#migrations.get(migrationId);
    if (migration?.side !== 'source')
      throw new DriverFailure('unknown_migration', `no outgoing migration ${migrationId} here`);
    migration.child.send(command, () => undefined); // A sender that is gone says so by its exit.
  }

  #isBusy(vmId: string): boolean {
    return [...this.#migrations.values()].some((migration) => migration.vmId === vmId);
  }

  #refuseBusy(migrationId: string, vmId: string): void {
    if (this.#migrations.has(migrationId))
      throw new DriverFailure('busy', `migration ${migrationId} runs already`);
    if (this.#isBusy(vmId)) throw new DriverFailure('busy', `VM ${vmId} is being migrated`);
  }
}

function refuse(what: string): never {
  throw new DriverFailure('unsupported', `the emulated hypervisor has no ${what}`);
}

function refuseMechanism(mechanism: Mechanism): void {
  const asked = Object.entries(mechanism).find(
    ([name, value]) => name !== 'throttle' && value !== undefined && value !== false,
  );
  if (asked !== undefined) refuse(asked[0]);
}

/** Our own child, of this version: what it says and we do not understand ends the migration as its failure. */
function understood<T extends { readonly kind: string }>(
  schema: z.ZodType<T>,
  message: unknown,
  who: string,
):
  | T
  | {
      readonly kind: 'failed';
      readonly code: 'internal';
      readonly detail: string;
      readonly vmRunning: boolean;
    } {
  const parsed = schema.safeParse(message);
  if (parsed.success) return parsed.data;
  const detail = `the ${who} said what this agent does not understand: ${z.prettifyError(parsed.error)}`;
  return { kind: 'failed', code: 'internal', detail, vmRunning: who === 'sender' };
}

async function viewOf(vmId: string, client: VmClient): Promise<VmView | undefined> {
  const status = await client.status().catch(() => undefined);
  const { vm, guest } = status ?? {};
  if (status === undefined || vm === null || vm === undefined) return undefined;
  return {
    vmId,
    state: status.state,
    memoryBytes: status.memoryBytes,
    pageBytes: PAGE_BYTES,
    mac: vm.mac,
    ip: vm.ip,
    dirtyRateBytesPerSec: status.dirtyRateBytesPerSec,
    workingSetBytes: status.workingSetBytes,
    netCounters: guest && vm.network ? { path: `/proc/${guest.pid}/net/dev`, device: 'eth0' } : null,
  };
}
