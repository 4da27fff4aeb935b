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
  /** Time during which it did not run: its workload stands still meanwhile. */
  private pausedMs = 0;
  private pausedAtMs = 0;
  /** Workload time at which the dirty bitmap was last read. */
  private readAtSec = 0;
  private readonly memory: DirtyMemory;

  constructor(
    readonly spec: StoryVm,
    public hostId: string,
  ) {
    this.memory = new DirtyMemory(spec.workload);
  }

  pause(nowMs: number): void {
    this.state = 'paused';
    this.pausedAtMs = nowMs;
  }
  resume(nowMs: number, hostId: string): void {
    this.state = 'running';
    this.hostId = hostId;
    this.pausedMs += nowMs - this.pausedAtMs;
  }

  /** Starts a dirty bitmap that is empty. */
  watch(nowMs: number): void {
    this.readAtSec = this.workloadSec(nowMs);
  }
  /** What was written since the bitmap was last read, and the time between; clears it. */
  readDirty(nowMs: number): { readonly bytes: number; readonly overSec: number } {
    const from = this.readAtSec;
    this.readAtSec = this.workloadSec(nowMs);
    return {
      bytes: this.memory.dirtiedBytes(from, this.readAtSec),
      overSec: this.readAtSec - from,
    };
  }

  profile(
    nowMs: number,
    traffic: { readonly txBitsPerSec: number; readonly rxBitsPerSec: number },
  ): VmProfile {
    const now = this.workloadSec(nowMs);
    const window = Math.min(now, DIRTY_RATE_WINDOW_SEC);
    return {
      vmId: this.spec.name,
      state: this.state === 'running' ? 'running' : 'paused',
      memoryBytes: this.spec.memoryBytes,
      pageBytes: PAGE_BYTES,
      mac: this.spec.mac,
      ip: this.spec.ip,
      dirtyRateBytesPerSec: window > 0 ? this.memory.dirtiedBytes(now - window, now) / window : 0,
      workingSetBytes: this.memory.dirtiedBytes(Math.max(0, now - WORKING_SET_WINDOW_SEC), now),
      ...traffic,
    };
  }

  private workloadSec(nowMs: number): number {
    const running = this.state === 'paused' ? this.pausedAtMs : nowMs;
    return (running - this.pausedMs) / 1000;
  }
}
