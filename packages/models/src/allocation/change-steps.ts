/**
 * Takes moves through a change step by step. In a step every link must hold the larger of what each move puts on it
 * before and after, for within a step the changes happen in any order. Lowering needs no room, so it comes at once;
 * reroutes follow as they fit, at the lower of their two rates; when the last is on its way, all rise to their targets.
 * Indices stay within the arrays they were made for, hence the casts.
 */
import type { LinkUse } from './problem.ts';

/** A move, prepared: where it is, where it goes. One that stays on its path has the same uses on both sides. */
export interface Track {
  readonly from: readonly LinkUse[];
  readonly to: readonly LinkUse[];
  readonly isReroute: boolean;
  /** 0 where it does not exist. */
  readonly rateFrom: number;
  readonly rateTo: number;
  /** The lower of both, at which it changes its path if it can. */
  readonly rateBetween: number;
  /** What it may be lowered to for a while; at most `rateBetween`. */
  readonly rateLeast: number;
}

export interface Standing {
  /** Whether it is on the path it goes to. */
  readonly isOver: boolean;
  readonly rate: number;
}

export interface TrackChange {
  readonly track: number;
  readonly before: Standing;
  readonly after: Standing;
}

export interface Run {
  readonly steps: readonly (readonly TrackChange[])[];
  /** Reroutes in the order of the steps that made them. */
  readonly stages: readonly (readonly number[])[];
  /** Reroutes that found no room; none when the run reached its target. */
  readonly stuck: readonly number[];
  /** The most that each link had to hold in any step. */
  readonly peak: Float64Array;
}

export interface RunOptions {
  /** What each link may hold. */
  readonly room: Float64Array;
  /** The rate at which each track waits and changes its path; at most its `rateBetween`. */
  readonly rates: Float64Array;
  /** Reroutes in a fixed order; absent: whichever fits. */
  readonly order?: readonly number[];
}

/** Ends after at most one step more than there are reroutes, and another for what rises. */
export function runSteps(tracks: readonly Track[], { room, rates, order }: RunOptions): Run {
  const standing = tracks.map(({ rateFrom }): Standing => ({ isOver: false, rate: rateFrom }));
  const steps: (readonly TrackChange[])[] = [];
  const stages: (readonly number[])[] = [];
  const peak = new Float64Array(room.length);
  let waiting = order ?? tracks.flatMap(({ isReroute }, k) => (isReroute ? [k] : []));
  for (;;) {
    const step = new Step(tracks, standing, room);
    const taken: number[] = [];
    for (const k of waiting) {
      if (step.put(k, { isOver: true, rate: rates[k] as number })) taken.push(k);
      else if (order !== undefined) break;
    }
    if (taken.length > 0) {
      stages.push(taken);
      const gone = new Set(taken);
      waiting = waiting.filter((k) => !gone.has(k));
    }
    for (let k = 0; k < tracks.length; k += 1)
      if ((step.after(k) as Standing).rate > (rates[k] as number))
        step.put(k, { ...step.after(k), rate: rates[k] as number });
    if (waiting.length === 0)
      for (const [k, { rateTo }] of tracks.entries())
        if (step.after(k).rate < rateTo) step.put(k, { ...step.after(k), rate: rateTo });
    const changes = step.changes();
    for (let l = 0; l < peak.length; l += 1) peak[l] = Math.max(peak[l] as number, step.loads[l] as number);
    if (changes.length === 0) return { steps, stages, stuck: waiting, peak };
    steps.push(changes);
    for (const { track, after } of changes) standing[track] = after;
  }
}

/** One step in the making: on every link the sum over the tracks of the larger of before and after. */
export class Step {
  readonly loads: Float64Array;
  private readonly planned = new Map<number, Standing>();

  constructor(
    private readonly tracks: readonly Track[],
    private readonly before: readonly Standing[],
    private readonly room: Float64Array,
  ) {
    this.loads = new Float64Array(room.length);
    for (const [k, { isOver, rate }] of before.entries())
      for (const { link, share } of usesOf(tracks[k] as Track, isOver))
        this.loads[link] = (this.loads[link] as number) + share * rate;
  }

  after(k: number): Standing {
    return this.planned.get(k) ?? (this.before[k] as Standing);
  }

  /** Plans it if the step has room for it; otherwise nothing changes. */
  put(k: number, wanted: Standing): boolean {
    const old = this.after(k);
    this.add(k, old, -1);
    const track = this.tracks[k] as Track;
    const fits = usesOf(track, wanted.isOver).every(({ link, share }) => {
      const extra = this.extra(k, wanted, { link, share });
      const limit = (this.room[link] as number) * (1 + ROUNDING);
      return extra === 0 || (this.loads[link] as number) + extra <= limit;
    });
    this.add(k, fits ? wanted : old, 1);
    if (fits) this.planned.set(k, wanted);
    return fits;
  }

  changes(): readonly TrackChange[] {
    return [...this.planned]
      .map(([track, after]) => ({ track, before: this.before[track] as Standing, after }))
      .filter(({ before, after }) => before.isOver !== after.isOver || before.rate !== after.rate)
      .sort((a, b) => a.track - b.track);
  }

  private add(k: number, after: Standing, sign: number): void {
    for (const use of usesOf(this.tracks[k] as Track, after.isOver))
      this.loads[use.link] = (this.loads[use.link] as number) + sign * this.extra(k, after, use);
  }

  /** What the track puts on a link beyond what it has there before the step. */
  private extra(k: number, after: Standing, { link, share }: LinkUse): number {
    const before = this.before[k] as Standing;
    const shareBefore =
      before.isOver === after.isOver ? share : shareOn(usesOf(this.tracks[k] as Track, before.isOver), link);
    return Math.max(0, share * after.rate - shareBefore * before.rate);
  }
}

export const usesOf = (track: Track, isOver: boolean): readonly LinkUse[] => (isOver ? track.to : track.from);

/** Paths have a dozen links at most. */
export const shareOn = (uses: readonly LinkUse[], link: number): number =>
  uses.find((use) => use.link === link)?.share ?? 0;

/** Sums that go up and down, not what a link may hold. */
export const ROUNDING = 1e-12;
