/** A VM in virtual time: where it is, whether it runs, and what it has written since its memory was last looked at. */
import type { VmProfile } from '@sluice/agents/contract';
import type { StoryVm } from '../story/index.ts';
import { PAGE_BYTES } from '../story/workload.ts';
import { DirtyMemory } from './dirty-memory.ts';

/** Windows over which a profile is taken, like the agent's. */
const DIRTY_RATE_WINDOW_SEC = 1;
const WORKING_SET_WINDOW_SEC = 10;

export class EmulatedVm {
  state: 'running' | 'paused' = 'running';
  /** Share of its CPU time that is left to it. */
  private speed = 1;
  /** Since when it has run at this speed, and what it had run and worked before. */
  private since = { atMs: 0, ranSec: 0, workSec: 0 };
  /** Running and workload time at which the dirty bitmap was last read. */
  private readAt = { ranSec: 0, workSec: 0 };
  private readonly memory: DirtyMemory;
  /** A guest that goes on as it does has the same profile for ever. */
  private steady: VmProfile | null = null;

  constructor(
    readonly spec: StoryVm,
    public hostId: string,
  ) {
    this.memory = new DirtyMemory(spec.workload);
  }

  pause(nowMs: number): void {
    this.steady = null;
    this.since = { atMs: nowMs, ...this.times(nowMs) };
    this.state = 'paused';
  }
  resume(nowMs: number, hostId: string): void {
    this.steady = null;
    this.since = { atMs: nowMs, ...this.times(nowMs) };
    this.state = 'running';
    this.hostId = hostId;
  }
  /** Takes this share of its CPU time from it: it does everything that much slower. */
  throttle(nowMs: number, share: number): void {
    this.steady = null;
    this.since = { atMs: nowMs, ...this.times(nowMs) };
    this.speed = 1 - share;
  }

  /** Starts a dirty bitmap that is empty. */
  watch(nowMs: number): void {
    this.readAt = this.times(nowMs);
  }
  /** What was written since the bitmap was last read, and the time between; clears it. */
  readDirty(nowMs: number): { readonly bytes: number; readonly overSec: number } {
    const from = this.readAt;
    this.readAt = this.times(nowMs);
    return {
      bytes: this.memory.dirtiedBytes(from.workSec, this.readAt.workSec),
      overSec: this.readAt.ranSec - from.ranSec,
    };
  }

  profile(
    nowMs: number,
    traffic: { readonly txBitsPerSec: number; readonly rxBitsPerSec: number },
  ): VmProfile {
    const { steady } = this;
    if (steady?.txBitsPerSec === traffic.txBitsPerSec && steady.rxBitsPerSec === traffic.rxBitsPerSec)
      return steady;
    const { ranSec, workSec } = this.times(nowMs);
    const window = Math.min(ranSec, DIRTY_RATE_WINDOW_SEC);
    const written = (overSec: number) =>
      this.memory.dirtiedBytes(Math.max(0, workSec - overSec * this.speed), workSec);
    const profile: VmProfile = {
      vmId: this.spec.name,
      state: this.state === 'running' ? 'running' : 'paused',
      memoryBytes: this.spec.memoryBytes,
      pageBytes: PAGE_BYTES,
      mac: this.spec.mac,
      ip: this.spec.ip,
      dirtyRateBytesPerSec: window > 0 ? written(window) / window : 0,
      workingSetBytes: written(WORKING_SET_WINDOW_SEC),
      ...traffic,
    };
    if (this.memory.isConstant && this.speed === 1 && ranSec > WORKING_SET_WINDOW_SEC) this.steady = profile;
    return profile;
  }

  /** How long it has run, and how far its workload has come: both stand still while it is paused. */
  private times(nowMs: number): { readonly ranSec: number; readonly workSec: number } {
    const { atMs, ranSec, workSec } = this.since;
    const ran = this.state === 'paused' ? 0 : (nowMs - atMs) / 1000;
    return { ranSec: ranSec + ran, workSec: workSec + ran * this.speed };
  }
}
