/**
 * QEMU guests as a hypervisor: finds the ones that run on this host, migrates them by QMP, starts incoming ones
 * through the launcher. It starts no guest of its own and leaves them running when it ends.
 */
import type { Logger } from 'pino';
import { PAGE_BYTES } from '../config.ts';
import { HostMigrations, type Running } from '../host-migrations.ts';
import {
  type DriverCapability,
  DriverFailure,
  type HypervisorDriver,
  type HypervisorEvent,
  type MigrationNews,
  type PreparedIncoming,
  type RateCap,
  type SwitchoverTerms,
  type VmView,
} from '../hypervisor.ts';
import { DirtyMemory } from './dirty-memory.ts';
import type { PortRange } from './free-ports.ts';
import { Guest } from './guest.ts';
import { isAlive, liveGuests } from './guest-record.ts';
import { Incoming } from './incoming.ts';
import { launchIncoming } from './launcher.ts';
import { forgetOngoing, noteOngoing, type Ongoing } from './ongoing.ts';
import { settleOrphan } from './orphan.ts';
import { Outgoing } from './outgoing.ts';
import { StandingGuests } from './standing.ts';

/** Guests that others start or end are noticed within this. */
const RESCAN_PERIOD_MS = 2000;
/** Closing waits this long for cancelled migrations to end. */
const CLOSE_LIMIT_MS = 5000;

export interface QemuDriverOptions {
  readonly guestsDir: string;
  /** Command to which the VM's id is added; null: incoming guests have to be there already. */
  readonly launchIncoming: readonly string[] | null;
  readonly listenIp: string;
  readonly ports: PortRange;
  readonly stallLimitMs: number;
  /** 0: the dirty rate is known from migrations alone. */
  readonly dirtyRatePeriodMs: number;
  readonly log?: Logger;
}

export class QemuDriver implements HypervisorDriver {
  readonly #options: QemuDriverOptions;
  readonly #guests = new Map<string, Guest>();
  readonly #dirty = new Map<string, DirtyMemory>();
  readonly #migrations = new HostMigrations<Outgoing, Incoming>();
  /** Guests found on their way out, without a migration of ours: looked at until they have left. */
  readonly #leaving = new Set<Guest>();
  readonly #standing = new StandingGuests();
  #onEvent: (event: HypervisorEvent) => void = () => undefined;
  #onVmsChanged: () => void = () => undefined;
  #rescan: NodeJS.Timeout | undefined;
  #scanning: Promise<void> | undefined;

  constructor(options: QemuDriverOptions) {
    this.#options = options;
  }

  /** What QEMU can do at its best; a guest's own QEMU may lack some of it and then says so by name and version. */
  capabilities(): ReadonlySet<DriverCapability> {
    return new Set<DriverCapability>([
      ...(['postcopy', 'throttle', 'autoConverge', 'xbzrle', 'compress', 'multifd', 'zeroPages'] as const),
      ...(['dirtyLimit', 'announce', 'storage', 'postcopy_recovery', 'switchover_terms'] as const),
    ]);
  }

  async start({ onEvent, onVmsChanged }: Parameters<HypervisorDriver['start']>[0]): Promise<void> {
    this.#onEvent = onEvent;
    this.#onVmsChanged = onVmsChanged;
    await this.#scan();
    this.#rescan = setInterval(() => void this.#scan(), RESCAN_PERIOD_MS);
  }

  async listVms(): Promise<readonly VmView[]> {
    const views = await Promise.all([...this.#guests.values()].map((guest) => this.#viewOf(guest)));
    return views.filter((view) => view !== undefined);
  }

  async prepareIncoming(
    incoming: Parameters<HypervisorDriver['prepareIncoming']>[0],
  ): Promise<PreparedIncoming> {
    const { migrationId, vmId, memoryBytes, mechanism = {} } = incoming;
    return this.#migrations.prepare(migrationId, vmId, async () => {
      const guest = await this.#incomingGuest(vmId);
      try {
        const { listenIp, ports } = this.#options;
        const onEvent = this.#eventsOf(migrationId);
        const options = { guest, memoryBytes, mechanism, listenIp, ports, onEvent };
        const { incoming: migration, at } = await Incoming.listen(options);
        const hasExport = at.storagePort !== undefined;
        await noteOngoing(guest.found, { migrationId, side: 'destination', hasExport });
        this.#follow(migrationId, guest, { side: 'destination', vmId, migration });
        const { mac, netDevice: device } = guest.record;
        return device === null ? at : { ...at, vmPort: { mac, device } };
      } catch (error) {
        await guest.quit().catch(() => undefined); // It can be prepared only once.
        throw error;
      }
    });
  }

  async startMigration(outgoing: Parameters<HypervisorDriver['startMigration']>[0]): Promise<void> {
    const { migrationId, vmId, destination, rateCapBitsPerSec, mechanism = {} } = outgoing;
    const guest = this.#guests.get(vmId);
    if (guest === undefined) throw new DriverFailure('unknown_vm', `no VM ${vmId} on this host`);
    await this.#migrations.prepare(migrationId, vmId, async () => {
      const { stallLimitMs } = this.#options;
      const tell = this.#eventsOf(migrationId);
      const onEvent = (event: MigrationNews) => {
        if (event.kind === 'round_finished') this.#dirty.get(vmId)?.learn(event);
        tell(event);
      };
      await noteOngoing(guest.found, { migrationId, side: 'source', hasExport: false });
      const migration = await Outgoing.begin({
        ...{ guest, destination, rateCapBitsPerSec },
        ...{ mechanism, stallLimitMs, onEvent },
      });
      this.#follow(migrationId, guest, { side: 'source', vmId, migration });
    });
  }

  nextRound(migrationId: string, _round: number, rateCap: RateCap): void {
    this.#migrations.outgoing(migrationId).nextRound(rateCap);
  }

  beginSwitchover(migrationId: string, rateCap: RateCap, terms?: SwitchoverTerms): void {
    this.#migrations.outgoing(migrationId).beginSwitchover(rateCap, terms);
  }

  setRateCap(migrationId: string, rateCap: RateCap): void {
    this.#migrations.outgoing(migrationId).setRateCap(rateCap);
  }

  cancel(migrationId: string, reason: string): void {
    this.#migrations.byId(migrationId).migration.cancel(reason);
  }

  startPostcopy(migrationId: string, rateCap: RateCap): void {
    this.#migrations.outgoing(migrationId).startPostcopy(rateCap);
  }

  throttle(migrationId: string, share: number): void {
    this.#migrations.outgoing(migrationId).throttle(share);
  }

  pausePostcopy(migrationId: string): void {
    this.#migrations.byId(migrationId).migration.pausePostcopy();
  }

  recoverPostcopy(
    migrationId: string,
    destination: { readonly ip: string; readonly port: number },
    rateCap: RateCap,
  ): void {
    this.#migrations.outgoing(migrationId).recover(destination, rateCap);
  }

  async prepareRecovery(migrationId: string): Promise<PreparedIncoming> {
    return (
      this.#standing.recovery(migrationId, this.#options) ??
      this.#migrations.incoming(migrationId).prepareRecovery()
    );
  }

  async close(): Promise<void> {
    clearInterval(this.#rescan);
    await this.#scanning;
    const running = this.#migrations.all();
    for (const { migration } of running) migration.cancel('the agent stops');
    const settled = running.map(async ({ migration }) => {
      await migration.settled();
      // One that cannot be taken back any more goes on without us; the next agent takes it up.
      if (!migration.goesOn) await Promise.race([migration.ended, pause(CLOSE_LIMIT_MS)]);
    });
    await Promise.race([Promise.all(settled), pause(CLOSE_LIMIT_MS)]);
    for (const guest of this.#guests.values()) guest.close();
    this.#guests.clear();
    for (const vmId of this.#standing.names()) this.#standing.forget(vmId);
  }

  async #incomingGuest(vmId: string): Promise<Guest> {
    await this.#scan();
    const present = this.#guests.get(vmId);
    // One that has just ended may not have been missed yet.
    if (present !== undefined && !(await isAlive(present.record))) this.#forget(present);
    if (!this.#guests.has(vmId)) {
      await launchIncoming(this.#options.launchIncoming, vmId);
      await this.#scanning; // It may have looked before the record was there.
      await this.#scan();
    }
    const guest = this.#guests.get(vmId);
    if (guest === undefined)
      throw new DriverFailure(
        'internal',
        `the launcher left no record of ${vmId} in ${this.#options.guestsDir}`,
      );
    const runState = await guest.runState();
    if (runState !== 'inmigrate')
      throw new DriverFailure('busy', `VM ${vmId} is on this host already: ${runState}`);
    return guest;
  }

  /** Opens what is new, forgets what is gone; never twice at the same time. */
  #scan(): Promise<void> {
    this.#scanning ??= this.#scanOnce().finally(() => {
      this.#scanning = undefined;
    });
    return this.#scanning;
  }

  async #scanOnce(): Promise<void> {
    for (const guest of [...this.#leaving]) {
      this.#leaving.delete(guest);
      if (!guest.isGone) await this.#settle(guest).catch(() => this.#leaving.add(guest));
    }
    const alive = await liveGuests(this.#options.guestsDir);
    for (const vmId of this.#standing.names())
      if (!alive.some(({ record }) => record.vmId === vmId)) this.#standing.forget(vmId);
    for (const found of alive) {
      const { vmId, pid } = found.record;
      const known = this.#guests.get(vmId);
      if (known?.record.pid === pid) continue;
      try {
        const guest = await Guest.open(found, await this.#standing.limitsFor(found));
        known?.close();
        await this.#adopt(guest);
      } catch (error) {
        const isStanding = await this.#standing.notice(found).catch(() => false);
        // Its monitor may come; the next scan tries again.
        this.#warn(isStanding ? 'guest_stands_still' : 'guest_not_adopted', error, vmId);
      }
    }
  }

  async #adopt(guest: Guest): Promise<void> {
    const { vmId } = guest;
    await this.#settle(guest);
    this.#standing.forget(vmId);
    if (guest.isGone) return;
    this.#guests.set(vmId, guest);
    this.#dirty.set(vmId, new DirtyMemory(guest, this.#options.dirtyRatePeriodMs));
    if (guest.losesDirtyPages) {
      const { memoryBytes, features } = guest;
      this.#options.log?.warn({
        event: 'guest_loses_dirty_pages',
        vmId,
        memoryBytes,
        version: features.version,
      });
    }
    guest.listen((news) => {
      if (news === 'gone') this.#forget(guest);
    });
    this.#onVmsChanged();
  }

  /** @throws QmpError when its monitor does not answer */
  async #settle(guest: Guest): Promise<void> {
    const fate = await settleOrphan(guest);
    if (fate.kind === 'leaving') this.#leaving.add(guest);
    if (fate.kind === 'taken_up') this.#takeUp(guest, fate.ongoing);
  }

  #takeUp(guest: Guest, { migrationId, side, hasExport }: Ongoing): void {
    const { vmId } = guest;
    const onEvent = this.#eventsOf(migrationId);
    onEvent({ kind: 'taken_up' });
    if (side === 'source') {
      const { stallLimitMs } = this.#options;
      this.#follow(migrationId, guest, {
        side,
        vmId,
        migration: Outgoing.takeUp({ guest, stallLimitMs, onEvent }),
      });
    } else {
      const { listenIp, ports } = this.#options;
      const migration = Incoming.takeUp({ guest, listenIp, ports, onEvent }, hasExport);
      this.#follow(migrationId, guest, { side, vmId, migration });
    }
  }

  #follow(migrationId: string, guest: Guest, running: Running<Outgoing, Incoming>): void {
    this.#migrations.add(migrationId, running);
    const { migration } = running;
    void migration.ended.then(async (end) => {
      // The destination has confirmed: this copy is never to run again.
      if ('hasLeft' in end && end.hasLeft)
        await guest.quit().catch((error) => this.#warn('quit_failed', error, guest.vmId));
      await forgetOngoing(guest.found).catch(() => undefined);
      this.#migrations.remove(migrationId);
      this.#onVmsChanged();
    });
  }

  #forget(guest: Guest): void {
    if (this.#guests.get(guest.vmId) !== guest) return;
    this.#guests.delete(guest.vmId);
    this.#dirty.delete(guest.vmId);
    this.#onVmsChanged();
  }

  async #viewOf(guest: Guest): Promise<VmView | undefined> {
    const runState = await guest.lastRunState();
    if (runState === undefined) return undefined;
    const { vmId, record, memoryBytes } = guest;
    const isBusy = this.#migrations.ofVm(vmId) !== undefined;
    const dirty = await this.#dirty.get(vmId)?.estimate(runState === 'running' && !isBusy);
    return {
      vmId,
      state: runState === 'running' ? 'running' : runState === 'inmigrate' ? 'incoming' : 'paused',
      memoryBytes,
      pageBytes: PAGE_BYTES,
      mac: record.mac,
      ip: record.ip,
      dirtyRateBytesPerSec: dirty?.rateBytesPerSec ?? 0,
      workingSetBytes: dirty?.workingSetBytes ?? 0,
      netCounters:
        record.netDevice === null
          ? null
          : { path: '/proc/self/net/dev', device: record.netDevice, isHostSide: true },
    };
  }

  #eventsOf(migrationId: string): (event: MigrationNews) => void {
    return (event) => this.#onEvent({ ...event, migrationId } as HypervisorEvent); // Put back what MigrationNews leaves out.
  }

  #warn(event: string, error: unknown, vmId: string): void {
    this.#options.log?.warn({ event, vmId, err: error });
  }
}

const pause = (durationMs: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, durationMs).unref());
