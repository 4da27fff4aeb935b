/** Ways of messages: each takes its time, drawn anew each time, and what was sent earlier arrives earlier. */
import type { Random } from './random.ts';
import type { Schedule } from './schedule.ts';

/** From and to, in milliseconds. */
export type Delay = readonly [low: number, high: number];

export class Channels {
  private readonly lastMs = new Map<string, number>();

  constructor(
    private readonly delay: Delay,
    private readonly schedule: Schedule,
    private readonly random: Random,
  ) {}

  /** Does it at the other end of the channel of this name. */
  send(name: string, action: () => void): void {
    const { schedule, random, delay } = this;
    const soonest = schedule.nowMs + random.between(delay[0], delay[1]);
    const atMs = Math.max(soonest, this.lastMs.get(name) ?? 0);
    this.lastMs.set(name, atMs);
    schedule.at(atMs, action);
  }
}
