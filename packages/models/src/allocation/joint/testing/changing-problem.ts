/** A problem that changes at random, and a joint allocation that hears of every change. */
import { type BitsPerSec, bitsPerSec } from '@sluice/units';
import type { CostedDemand } from '../../problem.ts';
import { JointAllocation, type JointSolution } from '../joint-allocation.ts';
import { draws, type Problem, randomDemand } from './problems.ts';

/** A demand comes or has news, goes, gets other limits; a link gets more or less. */
const KINDS = ['put', 'put', 'remove', 'limits', 'capacity'] as const;
/** What a link on which the least rates were too much gets, as a share of them. */
const ROOM_AGAIN = 1.2;

export class ChangingProblem {
  readonly allocation: JointAllocation<number>;
  readonly capacities: BitsPerSec[];
  readonly demands = new Map<number, CostedDemand>();
  private readonly random: () => number;
  private nextId: number;

  constructor(
    problem: Problem,
    seed: number,
    private readonly usesEach?: number,
  ) {
    this.random = draws(seed);
    this.capacities = [...problem.capacities];
    this.allocation = new JointAllocation<number>(problem.capacities);
    for (const [id, demand] of problem.demands.entries()) this.put(id, demand);
    this.nextId = problem.demands.length;
    this.allocation.solve();
  }

  get problem(): Problem {
    return { capacities: this.capacities, demands: [...this.demands.values()] };
  }

  get rates(): BitsPerSec[] {
    return [...this.demands.keys()].map((id) => this.allocation.rate(id));
  }

  get prices(): number[] {
    return this.capacities.map((_, link) => this.allocation.price(link));
  }

  put(id: number, demand: CostedDemand): void {
    this.demands.set(id, demand);
    this.allocation.put(id, demand);
  }

  /** One change of any kind; nothing is solved yet. */
  change(): void {
    const { random } = this;
    const kind = KINDS[Math.floor(random() * KINDS.length)];
    const ids = [...this.demands.keys()];
    const id = ids[Math.floor(random() * ids.length)] ?? this.nextId;
    const known = this.demands.get(id);
    if (kind === 'remove' && ids.length > 1) {
      this.demands.delete(id);
      this.allocation.remove(id);
    } else if (kind === 'limits' && known !== undefined) this.put(id, withOtherLimits(known, random));
    else if (kind === 'capacity') {
      const link = Math.floor(random() * this.capacities.length);
      this.setCapacity(link, bitsPerSec((this.capacities[link] as BitsPerSec) * (0.8 + 0.45 * random())));
    } else {
      const isNew = random() < 0.5;
      this.put(isNew ? this.nextId : id, randomDemand(random, this.capacities.length, this.usesEach));
      if (isNew) this.nextId += 1;
    }
  }

  /** What does not fit gets room again, else nothing could be proven any more. */
  makeRoom({ overfull }: JointSolution): void {
    for (const { link, least } of overfull) this.setCapacity(link, bitsPerSec(least * ROOM_AGAIN));
  }

  private setCapacity(link: number, rate: BitsPerSec): void {
    this.capacities[link] = rate;
    this.allocation.setCapacity(link, rate);
  }
}

function withOtherLimits(demand: CostedDemand, random: () => number): CostedDemand {
  const rateMin = demand.rateMin * (0.5 + 0.7 * random());
  return {
    ...demand,
    rateMin: bitsPerSec(rateMin),
    rateMax: bitsPerSec(Math.max(rateMin, demand.rateMax * (0.5 + random()))),
  };
}
