/**
 * Newton's step for the prices of some links: (A diag(h) Aᵀ) d = A R(μ) − c over them. μ + d ≥ 0 is kept by fixing what
 * would fall below 0 and solving again for the rest. The matrix of all contended links is kept from step to step and
 * from solve to solve, and changed where h changes. Few links get a small matrix of their own.
 * Indices stay within the arrays they were made for, hence the casts.
 */
import type { Region } from './balance.ts';
import { CouplingMatrix } from './coupling-matrix.ts';
import { Gradients, takeProduct } from './gradients.ts';
import { ENTRIES_OF_WORK, type Network } from './network.ts';

/** Added to the diagonal, as its share: links that always fill together have no prices of their own. */
const RIDGE = 1e-9;
const FIXING_ROUNDS = 8;
const PRODUCTS_MAX = 200;
/** Couplings below this share of the diagonals are left out of the large matrix. */
const WEAKEST = 0.003;
/** Up to this share of it a change is taken in logarithms. */
const IN_LOGARITHMS = 0.5;
/** Up to this, three terms of their series are exact enough for a step. */
const AS_SERIES = 1e-3;
/** When so many of all demands are bent, the large matrix is built anew rather than changed. */
const MANY_SHARE = 0.125;
/** So many rows for each live one, or changes for each row, and it is built anew as well. */
const ROWS_OF_LIVE_MAX = 1.3;
const UPDATES_OF_ROWS_MAX = 20;

export interface StepWish {
  /** The residual's norm is brought down by this. */
  readonly tolerance: number;
}

export class PriceStep {
  private readonly large: CouplingMatrix;
  private readonly small: CouplingMatrix;
  private readonly gradients = new Gradients();
  private right = new Float64Array(0);
  private solution = new Float64Array(0);
  private left = new Float64Array(0);
  private open = new Uint8Array(0);
  /** d, in the order of the region's links. */
  direction = new Float64Array(0);
  /** Links on which every user sits at a bound: no curvature, and 0 in the direction. */
  readonly flat: number[] = [];
  products = 0;

  constructor(linkCount: number) {
    this.large = new CouplingMatrix(linkCount, WEAKEST);
    this.small = new CouplingMatrix(linkCount, 0);
  }

  /** The demand is about to leave its links. */
  forget(network: Network, slot: number): void {
    if (this.large.size > 0) this.large.update(network, slot, 0);
    network.demands.coupled[slot] = 0;
  }

  /** The link is one of the contended no more. */
  drop(link: number): void {
    this.large.drop(link);
  }

  /** Demands that give way otherwise than the large matrix has it. */
  learn(network: Network, slots: readonly number[]): void {
    const { large } = this;
    if (large.size === 0) return;
    if (slots.length > MANY_SHARE * network.demands.count) large.clear();
    else for (const slot of slots) large.update(network, slot, network.demands.give[slot] as number);
  }

  solve(network: Network, region: Region, wish: StepWish): Float64Array {
    const matrix = this.matrixFor(network, region);
    this.makeRoom(matrix.size, region.links.length);
    const { links } = network;
    const { open, right, solution, direction } = this;
    open.fill(0, 0, matrix.size);
    right.fill(0, 0, matrix.size);
    solution.fill(0, 0, matrix.size);
    this.flat.length = 0;
    for (const link of region.links) {
      const row = matrix.rowOf[link] as number;
      right[row] = excess(links.load[link] as number, links.target[link] as number);
      if (matrix.diagonal[row] === 0) this.flat.push(link);
      else open[row] = 1;
    }
    for (let round = 0; round < FIXING_ROUNDS; round += 1) {
      const products = this.gradients.solve(matrix, {
        right,
        open,
        solution,
        tolerance: wish.tolerance,
        productsMax: PRODUCTS_MAX,
        isFresh: round === 0,
      });
      this.products += products;
      network.work += (2 * products * matrix.taken) / ENTRIES_OF_WORK;
      const wasCut = this.fix(network, region, matrix, wish.tolerance);
      if (!wasCut && !(round > 0 && this.release(region, matrix))) break;
    }
    for (let index = 0; index < region.links.length; index += 1)
      direction[index] = stretched(
        solution[matrix.rowOf[region.links[index] as number] as number] as number,
        links.price[region.links[index] as number] as number,
      );
    return direction;
  }

  private matrixFor(network: Network, region: Region): CouplingMatrix {
    const isLarge = region.slots === null;
    const matrix = isLarge ? this.large : this.small;
    if (!isLarge || isWorn(matrix)) matrix.clear();
    const before = matrix.size;
    const { give, coupled } = network.demands;
    if (isLarge && before === 0) matrix.build(network, region.links);
    else for (const link of region.links) matrix.takeIn(network, link, isLarge ? coupled : give);
    for (let row = before; row < matrix.size; row += 1)
      matrix.diagonal[row] = (matrix.diagonal[row] as number) * (1 + RIDGE);
    return matrix;
  }

  /** What would fall below 0 stops at 0; true when that moves so much that the rest has to be solved again. */
  private fix(network: Network, { links }: Region, matrix: CouplingMatrix, tolerance: number): boolean {
    const { price } = network.links;
    const { solution, open, right } = this;
    let cut = 0;
    let all = 0;
    for (let index = 0; index < links.length; index += 1) {
      const link = links[index] as number;
      const row = matrix.rowOf[link] as number;
      if (open[row] === 0) continue;
      const weight = matrix.diagonal[row] as number;
      all += ((right[row] as number) * (right[row] as number)) / weight;
      const below = -(price[link] as number) - (solution[row] as number);
      if (below <= 0) continue;
      solution[row] = -(price[link] as number);
      open[row] = 0;
      cut += below * below * weight;
    }
    return cut > tolerance * tolerance * all;
  }

  /** What was stopped at 0 but would rise again now that others are stopped too; true when there was any. */
  private release({ links }: Region, matrix: CouplingMatrix): boolean {
    const { right, solution, open, left } = this;
    left.set(right.subarray(0, matrix.size));
    takeProduct(matrix, solution, left);
    let any = false;
    for (const link of links) {
      const row = matrix.rowOf[link] as number;
      if (open[row] === 1 || matrix.diagonal[row] === 0 || (left[row] as number) <= 0) continue;
      open[row] = 1;
      any = true;
    }
    return any;
  }

  /** A direction that always rises: each link for itself. */
  steepest({ links, slots }: Region): Float64Array {
    const matrix = slots === null ? this.large : this.small;
    for (const [index, link] of links.entries()) {
      const row = matrix.rowOf[link] as number;
      const own = matrix.diagonal[row] as number;
      this.direction[index] = own === 0 ? 0 : (this.right[row] as number) / own;
    }
    return this.direction;
  }

  private makeRoom(rows: number, links: number): void {
    if (this.open.length < rows) {
      this.right = new Float64Array(2 * rows);
      this.solution = new Float64Array(2 * rows);
      this.left = new Float64Array(2 * rows);
      this.open = new Uint8Array(2 * rows);
    }
    if (this.direction.length < links) this.direction = new Float64Array(2 * links);
  }
}

/** What a link carries too much, where near as it looks in logarithms: demands are about powers of prices. */
function excess(load: number, target: number): number {
  const over = load - target;
  const share = over / target;
  if (!(Math.abs(share) < IN_LOGARITHMS)) return over;
  return Math.abs(share) < AS_SERIES
    ? load * share * (1 - share * (1 / 2 - share / 3))
    : load * Math.log1p(share);
}

/** The same for the change of a price. */
function stretched(change: number, price: number): number {
  const share = change / price;
  if (!(Math.abs(share) < IN_LOGARITHMS)) return change;
  return Math.abs(share) < AS_SERIES ? change * (1 + share * (1 / 2 + share / 6)) : price * Math.expm1(share);
}

const isWorn = ({ size, live, updates }: CouplingMatrix): boolean =>
  size > ROWS_OF_LIVE_MAX * live || updates > UPDATES_OF_ROWS_MAX * size;
