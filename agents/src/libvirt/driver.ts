/**
 * Domains of libvirt as VMs: finds the ones that run on this host, migrates them from daemon to daemon by `virsh`. It
 * defines, starts and ends none, and leaves them running when it ends.
 */
import type { Logger } from 'pino';
import { PAGE_BYTES } from '../config.ts';
import { HostMigrations } from '../host-migrations.ts';
import {
  type DriverCapability,
  DriverFailure,
  type HypervisorDriver,
  type HypervisorEvent,
  type MigrationNews,
  type RateCap,
  type SwitchoverTerms,
  type VmView,
} from '../hypervisor.ts';
import { freePorts, type PortRange } from '../qemu/free-ports.ts';
import { DirtyRate } from './dirty-rate.ts';
import { Domain, type RatePolicy } from './domain.ts';
import { settledState } from './ending.ts';
import { type DomainEvent, followEvents, type HostEvents } from './host-events.ts';
import { Incoming } from './incoming.ts';
import { type Mark, Marks } from './marks.ts';
import { capabilitiesOf, requireMechanism } from './mechanism.ts';
import { Outgoing } from './outgoing.ts';
import { type DomainStats, parseAddress, parseDomainStats, parseMac } from './virsh-output.ts';
import { VirshFailure, type VirshRunner, virshRunner } from './virsh-runner.ts';

/** Domains that others start or end are noticed within this; events say so sooner. */
const RESCAN_PERIOD_MS = 2000;
/** Closing waits this long for cancelled migrations to end. */
const CLOSE_LIMIT_MS = 5000;
/** Namespace of the one element in a domain's metadata that is ours; it goes along when the domain moves. */
export const METADATA_URI = 'urn:sluice:vm';

export interface LibvirtDriverOptions {
  /** virsh and what stands before its own arguments. */
  readonly virsh: readonly string[];
  /** This host's daemon. */
  readonly uri: string;
  /** A destination's daemon as this host's daemon reaches it; `{ip}` stands for where it takes migrations in. */
  readonly destinationUri: string;
  readonly rates: RatePolicy;
  readonly listenIp: string;
  readonly ports: PortRange;
  readonly stallLimitMs: number;
  /** 0: the dirty rate is known from migrations alone. */
  readonly dirtyRatePeriodMs: number;
  /** Remembers here what an agent that dies in mid-migration leaves to its successor. */
  readonly marksDir: string;
  readonly log?: Logger;
  /** In place of processes. */
  readonly runner?: VirshRunner;
}

interface Known {
  readonly domain: Domain;
  readonly dirty: DirtyRate;
  readonly memoryBytes: number;
  readonly mac: string;
  readonly ip: string;
}

export class LibvirtDriver implements HypervisorDriver {
  readonly #options: LibvirtDriverOptions;
  readonly #runner: VirshRunner;
  readonly #marks: Marks;
  readonly #known = new Map<string, Known>();
  readonly #migrations = new HostMigrations<Outgoing, Incoming>();
  /** VMs that are being taken back from an agent that has gone. */
  readonly #orphans = new Set<string>();
  #stats: readonly DomainStats[] = [];
  #onEvent: (event: HypervisorEvent) => void = () => undefined;
  #onVmsChanged: () => void = () => undefined;
  #events: HostEvents | undefined;
  #rescan: NodeJS.Timeout | undefined;
  #scanning: Promise<void> | undefined;
  #nextScan: Promise<void> | undefined;

  constructor(options: LibvirtDriverOptions) {
    this.#options = options;
    this.#runner = options.runner ?? virshRunner(options.virsh, options.uri);
    this.#marks = new Marks(options.marksDir);
  }

  capabilities(): ReadonlySet<DriverCapability> {
    return capabilitiesOf(this.#options.rates);
  }

  /** @throws VirshFailure when virsh is missing or the daemon does not answer */
  async start({ onEvent, onVmsChanged }: Parameters<HypervisorDriver['start']>[0]): Promise<void> {
    this.#onEvent = onEvent;
    this.#onVmsChanged = onVmsChanged;
    await this.#scan();
    await this.#marks.keepOnly(new Set(this.#known.keys()));
    this.#events = followEvents(
      this.#runner,
      (event) => this.#hear(event),
      (words) => this.#options.log?.warn({ event: 'libvirt_events_lost', words }),
    );
    this.#rescan = setInterval(() => this.#scanSoon(), RESCAN_PERIOD_MS);
  }

  async listVms(): Promise<readonly VmView[]> {
    await this.#scan();
    return this.#stats.flatMap((stats) => {
      const known = this.#known.get(stats.name);
      return known === undefined ? [] : [this.#viewOf(stats, known)];
    });
  }

  async prepareIncoming(
    incoming: Parameters<HypervisorDriver['prepareIncoming']>[0],
  ): Promise<{ readonly ip: string; readonly port: number }> {
    const { migrationId, vmId, mechanism = {} } = incoming;
    this.#refuseOrphan(vmId);
    return this.#migrations.prepare(migrationId, vmId, async () => {
      requireMechanism(mechanism, this.#options.rates);
      const domain = this.#domain(vmId);
      if ((await domain.state().catch(refusedByDaemon)) !== undefined)
        throw new DriverFailure('busy', `VM ${vmId} is on this host already`);
      const at = await this.#freePort();
      const migration = new Incoming({ domain, onEvent: this.#eventsOf(migrationId) });
      this.#migrations.add(migrationId, { side: 'destination', vmId, migration });
      void migration.ended.then(() => this.#ended(migrationId));
      return at;
    });
  }

  async startMigration(outgoing: Parameters<HypervisorDriver['startMigration']>[0]): Promise<void> {
    const { migrationId, vmId, destination, rateCapBitsPerSec, mechanism = {} } = outgoing;
    this.#refuseOrphan(vmId);
    await this.#migrations.prepare(migrationId, vmId, async () => {
      await this.#scan();
      const known = this.#known.get(vmId);
      if (known === undefined) throw new DriverFailure('unknown_vm', `no VM ${vmId} on this host`);
      const { rates, stallLimitMs } = this.#options;
      const tell = this.#eventsOf(migrationId);
      const onEvent = (event: MigrationNews) => {
        if (event.kind === 'round_finished') known.dirty.learn(event);
        tell(event);
      };
      const migration = await Outgoing.begin({
        ...{ domain: known.domain, destination, destinationUri: this.#uriOf(destination.ip) },
        ...{ rateCapBitsPerSec, mechanism, rates, stallLimitMs, onEvent },
        onLimit: (limitBeforeMs) => this.#marks.set(vmId, { limitBeforeMs }),
      }).catch(refusedByDaemon);
      this.#migrations.add(migrationId, { side: 'source', vmId, migration });
      void migration.ended.then(async () => {
        await this.#marks.remove(vmId);
        this.#ended(migrationId);
      });
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

  throttle(migrationId: string, share: number): void {
    this.#migrations.outgoing(migrationId).throttle(share);
  }

  startPostcopy(migrationId: string, rateCap: RateCap): void {
    this.#migrations.outgoing(migrationId).startPostcopy(rateCap);
  }

  pausePostcopy(migrationId: string): void {
    this.#migrations.byId(migrationId).migration.pausePostcopy();
  }

  recoverPostcopy(
    migrationId: string,
    destination: { readonly ip: string; readonly port: number },
    rateCap: RateCap,
  ): void {
    this.#migrations.outgoing(migrationId).recover(destination, this.#uriOf(destination.ip), rateCap);
  }

  async prepareRecovery(migrationId: string): Promise<{ readonly ip: string; readonly port: number }> {
    await this.#migrations.incoming(migrationId).interrupted();
    return this.#freePort();
  }

  async close(): Promise<void> {
    clearInterval(this.#rescan);
    await this.#scanning?.catch(() => undefined);
    const leaving = this.#migrations.all().map(async ({ side, migration }) => {
      if (side === 'destination') return migration.letGo();
      migration.cancel('the agent stops');
      await migration.settled();
      // One that cannot be taken back any more goes on without us.
      await Promise.race([migration.ended, pause(CLOSE_LIMIT_MS)]);
      migration.letGo();
    });
    await Promise.race([Promise.all(leaving), pause(CLOSE_LIMIT_MS)]);
    await this.#events?.stop();
    this.#known.clear();
  }

  /** An earlier agent's migration of it is still being taken back. */
  #refuseOrphan(vmId: string): void {
    if (this.#orphans.has(vmId)) throw new DriverFailure('busy', `VM ${vmId} is being migrated`);
  }

  async #freePort(): Promise<{ readonly ip: string; readonly port: number }> {
    const { listenIp, ports } = this.#options;
    const [port] = await freePorts(listenIp, ports);
    return { ip: listenIp, port };
  }

  #hear(event: DomainEvent): void {
    for (const { vmId, migration } of this.#migrations.all()) if (vmId === event.vmId) migration.hear(event);
    if (event.kind === 'lifecycle') this.#scanSoon();
  }

  #scanSoon(): void {
    void this.#scan().catch((error) => this.#warn('libvirt_unreachable', error));
  }

  /** Learns what is new, forgets what is gone; as of now: a scan that has begun already may have missed the latest. */
  #scan(): Promise<void> {
    if (this.#scanning === undefined) {
      this.#scanning = this.#scanOnce().finally(() => {
        this.#scanning = undefined;
      });
      return this.#scanning;
    }
    this.#nextScan ??= this.#scanning
      .catch(() => undefined)
      .then(() => {
        this.#nextScan = undefined;
        return this.#scan();
      });
    return this.#nextScan;
  }

  async #scanOnce(): Promise<void> {
    const text = await this.#runner.run(['domstats', '--raw', '--state', '--interface', '--list-active']);
    this.#stats = parseDomainStats(text).filter(({ state }) => state !== 'off');
    const present = new Set(this.#stats.map(({ name }) => name));
    let isChanged = false;
    for (const vmId of this.#known.keys()) if (!present.has(vmId)) isChanged = this.#known.delete(vmId);
    for (const stats of this.#stats) {
      if (this.#known.has(stats.name)) continue;
      try {
        this.#known.set(stats.name, await this.#meet(stats));
        isChanged = true;
      } catch (error) {
        this.#warn('domain_not_adopted', error, stats.name); // The next scan tries again.
      }
    }
    if (isChanged) this.#onVmsChanged();
  }

  async #meet({ name }: DomainStats): Promise<Known> {
    const domain = this.#domain(name);
    const mac = parseMac(await this.#runner.run(['domiflist', '--domain', name])) ?? '';
    const isOurs = this.#migrations.ofVm(name) !== undefined;
    const mark = isOurs ? undefined : await this.#marks.find(name);
    if (mark !== undefined) {
      this.#orphans.add(name);
      void this.#endOrphan(domain, mark)
        .catch((error) => this.#warn('orphan_not_ended', error, name))
        .finally(() => this.#orphans.delete(name));
    }
    const { memoryBytes } = await domain.info();
    const dirty = new DirtyRate({ domain, periodMs: this.#options.dirtyRatePeriodMs, memoryBytes });
    return { domain, dirty, memoryBytes, mac, ip: await this.#addressOf(name) };
  }

  /**
   * A migration whose agent has gone is taken back as long as libvirt does that; later it ends by itself. The gate
   * that was kept shut for it must not stay so, or no other migration of this VM would ever end. libvirt puts back
   * what it found when its job began, so ours comes after that.
   */
  async #endOrphan(domain: Domain, mark: Mark): Promise<void> {
    if ((await domain.job()).operation === 'outgoing') {
      await domain.abort().catch(() => undefined); // Too late, it says no.
      await settledState(domain, { untilJobEnds: true });
    }
    await domain.setDowntimeLimit(mark.limitBeforeMs);
    await this.#marks.remove(domain.vmId);
  }

  async #addressOf(name: string): Promise<string> {
    try {
      return parseAddress(await this.#runner.run(['metadata', '--domain', name, '--uri', METADATA_URI]));
    } catch (error) {
      if (error instanceof VirshFailure && /metadata/i.test(error.message)) return ''; // Nobody has written it there.
      throw error;
    }
  }

  #viewOf(stats: DomainStats, { mac, ip, memoryBytes, dirty }: Known): VmView {
    const running = this.#migrations.ofVm(stats.name);
    const isRunning = stats.state === 'running' || stats.state === 'postcopy';
    const isIncoming = stats.state === 'paused_migrating' && running?.side !== 'source';
    const { rateBytesPerSec, workingSetBytes } = dirty.estimate(isRunning && running === undefined);
    return {
      vmId: stats.name,
      state: isRunning ? 'running' : isIncoming ? 'incoming' : 'paused',
      memoryBytes,
      pageBytes: PAGE_BYTES,
      mac,
      ip,
      dirtyRateBytesPerSec: rateBytesPerSec,
      workingSetBytes,
      netCounters:
        stats.netDevice === null
          ? null
          : { path: '/proc/self/net/dev', device: stats.netDevice, isHostSide: true },
    };
  }

  #domain(vmId: string): Domain {
    return new Domain(vmId, this.#runner, this.#options.rates);
  }

  #uriOf(ip: string): string {
    return this.#options.destinationUri.replaceAll('{ip}', ip);
  }

  #eventsOf(migrationId: string): (event: MigrationNews) => void {
    return (event) => this.#onEvent({ ...event, migrationId } as HypervisorEvent); // Put back what MigrationNews leaves out.
  }

  #ended(migrationId: string): void {
    this.#migrations.remove(migrationId);
    void this.#scan().then(
      () => this.#onVmsChanged(),
      (error) => this.#warn('libvirt_unreachable', error),
    );
  }

  #warn(event: string, error: unknown, vmId?: string): void {
    this.#options.log?.warn({ event, vmId, err: error });
  }
}

/** A daemon's "no" to what it was asked first is a "no" of this driver. */
function refusedByDaemon(cause: unknown): never {
  if (!(cause instanceof VirshFailure)) throw cause;
  const code = cause.code === 'no_domain' ? 'unknown_vm' : 'internal';
  throw new DriverFailure(code, cause.message, { cause });
}

const pause = (durationMs: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, durationMs).unref());
