/**
 * The VM itself: memory that is being dirtied, and the rule who may run it. At most one copy of a VM runs: a pause
 * belongs to its holder and ends with it, until `handOver` makes the pause final for this copy.
 */
import { assert } from '@sluice/units';
import { type DirtyProfile, PAGE_BYTES } from '../config.ts';
import { advance, type DirtierPosition, START } from './dirtier.ts';
import type { GuestAddress, GuestNetwork } from './guest-network.ts';
import { MemoryImage } from './memory-image.ts';
import { signal } from './process-identity.ts';
import type { DeviceState, VmProcessOptions, VmStatus } from './vm-protocol.ts';

const DIRTY_TICK_MS = 5;
/** Dirty rate: distinct pages in this time. */
const SAMPLE_WINDOW_MS = 1000;
/** Working set: distinct pages in this many windows. */
const WORKING_SET_WINDOWS = 10;
/** After a resume the VM announces itself several times, because a single frame may be lost. */
const ANNOUNCE_AFTER_MS = [0, 200, 800] as const;

type Identity = Pick<DeviceState, 'vm' | 'guest'>;

export class VmMachine {
  readonly image: MemoryImage;
  readonly #options: VmProcessOptions;
  readonly #network: GuestNetwork;
  #identity: Identity | null;
  #state: VmStatus['state'];
  #handedOver = false;
  #position: DirtierPosition = START;
  #sample: DeviceState['sample'] = { dirtyRateBytesPerSec: 0, workingSetBytes: 0 };
  #throttle = 0;
  #tickedAt = 0;
  #sampledAt = 0;
  #timer: NodeJS.Timeout | undefined;
  /** Changes of the network happen one after the other. */
  #networkChange: Promise<void> = Promise.resolve();

  constructor(options: VmProcessOptions, network: GuestNetwork) {
    this.#options = options;
    this.#network = network;
    this.#identity = options.boot;
    this.image = new MemoryImage(options.memoryBytes);
    this.#state = options.boot === null ? 'incoming' : 'running';
    if (options.boot === null) return;
    this.image.fill();
    this.#startDirtying();
  }

  get status(): VmStatus {
    return {
      state: this.#state,
      handedOver: this.#handedOver,
      memoryBytes: this.#options.memoryBytes,
      ...this.#sample,
      vm: this.#identity?.vm ?? null,
      guest: this.#identity?.guest ?? null,
    };
  }

  /** Freezes the guest. The network is taken down meanwhile; `handOver` waits for it. */
  async pause(): Promise<void> {
    this.#require(this.#state === 'running', 'only a running VM can be paused');
    this.#stopDirtying();
    this.#state = 'paused';
    const { guest } = this.#who();
    if (guest) await signal(guest, 'SIGSTOP');
    this.#changeNetwork((network, address) => network.isolate(address));
  }

  /** @throws when the copy was handed over: then only `takeBack` may start it. */
  async resume(): Promise<void> {
    this.#require(this.#state === 'paused' && !this.#handedOver, 'only a paused VM that was not handed over');
    this.#changeNetwork((network, address) => network.reconnect(address));
    // A VM without its network is still better off running than frozen.
    await this.#networkChange.catch((error) => console.error('the network did not come back:', error));
    await this.#unfreeze();
  }

  /** Point of no return, after the network is really down. */
  async handOver(): Promise<void> {
    this.#require(this.#state === 'paused', 'only a paused VM can be handed over');
    await this.#networkChange;
    this.#handedOver = true;
  }

  async takeBack(): Promise<void> {
    this.#require(this.#handedOver, 'only a VM that was handed over can be taken back');
    this.#handedOver = false;
    await this.resume();
  }

  exportState(): DeviceState {
    this.#require(this.#state === 'paused', 'the state of a running VM is not steady');
    return {
      ...this.#who(),
      position: this.#position,
      sample: this.#sample,
      hostNamespace: this.#options.host?.namespace ?? null,
    };
  }

  /** The incoming copy becomes the VM. On failure the network goes back and the copy stays incoming. */
  async activate(state: DeviceState): Promise<void> {
    this.#require(this.#state === 'incoming', 'only an incoming VM can be activated');
    this.#identity = { vm: state.vm, guest: state.guest };
    this.#position = state.position;
    this.#sample = state.sample;
    const from = state.hostNamespace;
    try {
      this.#changeNetwork(async (network, address) => {
        assert(from !== null, 'a VM with a network comes from a named namespace');
        await network.takeOver(address, from);
      });
      await this.#networkChange;
      await this.#unfreeze();
    } catch (error) {
      if (from !== null) this.#changeNetwork((network, address) => network.giveBack(address, from));
      await this.#networkChange.catch(() => undefined);
      this.#identity = null;
      throw error;
    }
  }

  setDirtyProfile(dirty: DirtyProfile): void {
    const { vm, guest } = this.#who();
    this.#identity = { vm: { ...vm, dirty }, guest };
    this.#position = { ...this.#position, elapsedMs: 0 };
  }

  /** The guest loses this share of its time; it stays behind when the VM moves. */
  throttle(share: number): void {
    this.#throttle = share;
  }

  stop(): void {
    this.#stopDirtying();
  }

  async #unfreeze(): Promise<void> {
    const { guest } = this.#who();
    if (guest) await signal(guest, 'SIGCONT');
    this.#state = 'running';
    this.#startDirtying();
    for (const afterMs of ANNOUNCE_AFTER_MS) setTimeout(() => this.#announce(), afterMs);
  }

  #announce(): void {
    if (this.#state === 'running') this.#changeNetwork((network, address) => network.announce(address));
  }

  #changeNetwork(change: (network: GuestNetwork, address: GuestAddress) => Promise<void>): void {
    const { vm } = this.#who();
    const { network } = vm;
    if (network === null) return;
    // A failed change must not stop the next one (reconnecting); whoever awaits the chain hears of it.
    this.#networkChange = this.#networkChange
      .catch(() => undefined)
      .then(() => change(this.#network, { ...vm, network }));
    this.#networkChange.catch(() => undefined);
  }

  #startDirtying(): void {
    this.#tickedAt = performance.now();
    this.#sampledAt = this.#tickedAt;
    this.#timer = setInterval(() => this.#tick(), DIRTY_TICK_MS);
  }

  #stopDirtying(): void {
    if (this.#state === 'running') this.#tick();
    clearInterval(this.#timer);
  }

  #tick(): void {
    const { vm } = this.#who();
    const now = performance.now();
    const write = (page: number) => this.image.dirtyPage(page);
    this.#position = advance(vm.dirty, this.#position, now - this.#tickedAt, write, this.#throttle);
    this.#tickedAt = now;
    const windowMs = now - this.#sampledAt;
    if (windowMs < SAMPLE_WINDOW_MS) return;
    const { pagesInWindow, pagesInWorkingSet } = this.image.closeWindow(WORKING_SET_WINDOWS);
    this.#sample = {
      dirtyRateBytesPerSec: (pagesInWindow * PAGE_BYTES * 1000) / windowMs,
      workingSetBytes: pagesInWorkingSet * PAGE_BYTES,
    };
    this.#sampledAt = now;
  }

  #who(): Identity {
    assert(this.#identity !== null, 'a VM that runs or is paused knows who it is');
    return this.#identity;
  }

  #require(condition: boolean, sentence: string): void {
    if (!condition)
      throw new VmRefusal(
        `${sentence}; this one is ${this.#state}${this.#handedOver ? ', handed over' : ''}`,
      );
  }
}

/** The VM is not in the state that the request needs. */
export class VmRefusal extends Error {
  override readonly name = 'VmRefusal';
}
