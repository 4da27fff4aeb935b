/**
 * A migration at its destination: a QEMU that waits with `-incoming defer` listens, takes the memory in and resumes
 * the guest by itself. What fails here ends that process; the VM was never in it, or, in post-copy, is lost with it.
 */
import type { Mechanism } from '../contract/index.ts';
import { DriverFailure, type MigrationNews } from '../hypervisor.ts';
import { Turns } from '../turns.ts';
import { freePorts, type PortRange, tryPorts } from './free-ports.ts';
import type { Guest, GuestNews } from './guest.ts';
import { migrationInfoSchema } from './migration-status.ts';
import { capabilitiesFor, mechanismParameters, requireMechanism } from './parameters.ts';
import { interrupt, listenAgain, type Urgently } from './recovery.ts';

/** How long a destination waits for its source: admission and installation lie in between. */
const CONNECT_LIMIT_MS = 60_000;
/** After a cancellation the source's connection ends within milliseconds. */
const CANCEL_LIMIT_MS = 1000;

export interface Listening {
  readonly ip: string;
  readonly port: number;
  readonly storagePort?: number;
}

interface Following {
  readonly guest: Guest;
  readonly listenIp: string;
  readonly ports: PortRange;
  readonly onEvent: (event: MigrationNews) => void;
}
export interface IncomingOptions extends Following {
  readonly memoryBytes: number;
  readonly mechanism: Mechanism;
}

export class Incoming {
  readonly #options: Following;
  readonly #guest: Guest;
  /** A monitor that breaks is opened again or the guest is gone: both are heard of. */
  readonly #turns = new Turns(() => undefined);
  /** Resolves when it has ended and was reported; `hasArrived`: the VM runs here. */
  readonly ended: Promise<{ readonly hasArrived: boolean }>;
  #resolveEnded: (result: { hasArrived: boolean }) => void = () => undefined;
  #unlisten: () => void = () => undefined;
  #hasResumed = false;
  #hasExport = false;
  #timer: NodeJS.Timeout | undefined;
  #cancelReason: string | undefined;

  private constructor(options: Following) {
    this.#options = options;
    this.#guest = options.guest;
    this.ended = new Promise((resolve) => {
      this.#resolveEnded = resolve;
    });
  }

  /** @throws DriverFailure 'unsupported', 'busy', 'internal' */
  static async listen(
    options: IncomingOptions,
  ): Promise<{ readonly incoming: Incoming; readonly at: Listening }> {
    const { guest, mechanism, memoryBytes } = options;
    if (guest.memoryBytes !== memoryBytes)
      throw new DriverFailure(
        'internal',
        `the incoming QEMU has ${guest.memoryBytes} bytes of memory, the VM ${memoryBytes}`,
      );
    requireMechanism(mechanism, guest.features);
    await guest.setCapabilities(capabilitiesFor(mechanism, guest.features));
    const parameters = mechanismParameters(mechanism, guest.features);
    if (Object.keys(parameters).length > 0) await guest.setParameters(parameters);
    const incoming = new Incoming(options);
    const hasDisks = guest.takesDisks(mechanism);
    if (hasDisks) guest.features.require('storage');
    const at = await incoming.#listenSomewhere(hasDisks);
    incoming.#unlisten = guest.listen((news) => incoming.#hear(news));
    // Disks are copied before the migration connects, and nobody can say for how long.
    if (!hasDisks) incoming.#timer = setTimeout(() => incoming.#giveUpWaiting(), CONNECT_LIMIT_MS);
    return { incoming, at };
  }

  /** One whose agent has died after a source had connected. `hasExport`: its disks may still be exported. */
  static takeUp(options: Following, hasExport: boolean): Incoming {
    const incoming = new Incoming(options);
    incoming.#hasExport = hasExport;
    incoming.#unlisten = options.guest.listen((news) => incoming.#hear(news));
    incoming.#turns.take(() => incoming.#look());
    return incoming;
  }

  /** The VM runs here: nothing can be taken back any more. */
  get goesOn(): boolean {
    return this.#hasResumed;
  }

  #giveUpWaiting(): void {
    this.#turns.take(async () => {
      if ((await this.#guest.snapshot()).status === 'setup')
        this.cancel(`no source has connected within ${CONNECT_LIMIT_MS} ms`);
    });
  }

  /**
   * Once a source is connected it alone decides: its QEMU gives up in one step, and this one ends with the connection.
   * To end this process while the source may be completing would end the only copy. A source that is not heard of
   * any more is waited for only so long.
   */
  cancel(reason: string): void {
    this.#turns.take(async () => {
      if (this.#hasResumed || (await this.#guest.runState()) !== 'inmigrate') return;
      this.#cancelReason ??= reason;
      if ((await this.#guest.snapshot()).status === 'setup') await this.#guest.quit();
      else {
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => this.#quitIncoming(), CANCEL_LIMIT_MS);
      }
    });
  }

  #quitIncoming(): void {
    this.#turns.take(async () => {
      if ((await this.#guest.runState()) === 'inmigrate') await this.#guest.quit();
    });
  }

  /** Not in turn, and not asking first: with the source away the guest may keep QEMU from answering anything else. */
  pausePostcopy(): void {
    this.#guest.features.require('postcopy_recovery');
    void interrupt(this.#urgently).catch(() => undefined);
  }

  /** @throws DriverFailure 'busy' when nothing was interrupted here */
  async prepareRecovery(): Promise<Listening> {
    this.#guest.features.require('postcopy_recovery');
    return listenAgain(this.#urgently, this.#options);
  }

  readonly #urgently: Urgently = (command, args) => this.#guest.executeAtOnce(command, args);

  settled(): Promise<void> {
    return this.#turns.settled();
  }

  #listenSomewhere(hasDisks: boolean): Promise<Listening> {
    const { listenIp, ports } = this.#options;
    let storage: number | undefined;
    return tryPorts(async () => {
      const [port, next] = await freePorts(listenIp, ports);
      if (hasDisks && storage === undefined) {
        await this.#exportDisks(next);
        storage = next;
      }
      const memoryPort = storage === undefined ? port : storage ^ 1;
      await this.#guest.execute('migrate-incoming', { uri: `tcp:${listenIp}:${memoryPort}` });
      const info = await this.#guest.execute('query-migrate', {}, migrationInfoSchema);
      const bound = Number(info['socket-address']?.[0]?.port ?? memoryPort);
      return { ip: listenIp, port: bound, ...(storage !== undefined && { storagePort: storage }) };
    });
  }

  async #exportDisks(port: number): Promise<void> {
    const host = this.#options.listenIp;
    await this.#guest.execute('nbd-server-start', {
      addr: { type: 'inet', data: { host, port: String(port) } },
    });
    this.#hasExport = true;
    for (const device of this.#guest.record.disks)
      await this.#guest.execute('nbd-server-add', { device, name: device, writable: true });
  }

  #hear(news: GuestNews): void {
    if (news === 'gone') this.#turns.take(async () => this.#fail());
    else if (news === 'reconnected' || news.name === 'RESUME' || news.name === 'MIGRATION')
      this.#turns.take(() => this.#look());
  }

  async #look(): Promise<void> {
    const [runState, { status }] = [await this.#guest.runState(), await this.#guest.snapshot()];
    if (runState === 'paused' && status === 'completed' && this.#hasExport) {
      await this.#stopExport();
      await this.#guest.execute('cont');
      return; // Its RESUME brings us here again.
    }
    const hasArrived = runState === 'running' || (runState === 'paused' && status === 'completed');
    if (hasArrived && !this.#hasResumed) {
      this.#hasResumed = true;
      await this.#stopExport();
      const isPostcopy = status.startsWith('postcopy-');
      this.#tell({ kind: 'vm_resumed', vmId: this.#guest.vmId, isPostcopy });
    }
    if (status === 'completed' && this.#hasResumed) {
      this.#tell({ kind: 'incoming_finished' });
      this.#end(true);
    } else if (status === 'failed' && !this.#hasResumed) {
      await this.#guest.quit();
      this.#fail();
    }
  }

  /**
   * As long as the export may write to the disk, the guest's own device may not, and QEMU leaves the guest paused.
   * Only running VMs take their disks along, so this one is to run.
   */
  async #stopExport(): Promise<void> {
    if (!this.#hasExport) return;
    this.#hasExport = false;
    await this.#guest.execute('nbd-server-stop');
  }

  #fail(): void {
    const reason = this.#cancelReason;
    this.#tell({
      kind: 'failed',
      side: 'destination',
      code: reason === undefined ? 'connection_lost' : 'cancelled',
      detail: reason ?? `the incoming QEMU of ${this.#guest.vmId} has ended`,
      vmRunning: false,
    });
    this.#end(false);
  }

  #tell(event: MigrationNews): void {
    if (!this.#turns.isOver) this.#options.onEvent(event);
  }

  #end(hasArrived: boolean): void {
    this.#turns.end();
    clearTimeout(this.#timer);
    this.#unlisten();
    this.#resolveEnded({ hasArrived });
  }
}
