/**
 * Newton's step for the prices of some links: (A diag(h) Aᵀ) d = A R(μ) − c over them, h = −dR/dπ, by conjugate
 * gradients with the diagonal as preconditioner, and the bounds μ + d ≥ 0 kept by fixing what would fall below 0 and
 * solving again for the rest. The matrix is never formed: a product goes over the demands, whose uses of these links
 * are copied into one dense run of numbers first.
 */
import { ENTRIES_OF_WORK, type Network } from './network.ts';

/** Added to the diagonal, as its share: links that always fill together have no prices of their own. */
const RIDGE = 1e-9;
const FIXING_ROUNDS = 4;

export interface StepWish {
  readonly links: readonly number[];
  /** Every demand that uses one of them. */
  readonly slots: readonly number[] | 'all';
  /** The residual's norm is brought down by this. */
  readonly tolerance: number;
  readonly productsMax: number;
}

export class PriceStep {
  private readonly indexOf: Int32Array;
  private rowStart = new Int32Array(0);
  private column = new Int32Array(0);
  private weight = new Float64Array(0);
  private rows = 0;
  private size = 0;
  private diagonal = new Float64Array(0);
  private ridge = new Float64Array(0);
  private right = new Float64Array(0);
  private residual = new Float64Array(0);
  private search = new Float64Array(0);
  private product = new Float64Array(0);
  private open = new Uint8Array(0);
  /** d, in the order of the links asked for. */
  direction = new Float64Array(0);
  /** Σ |d| / μ … where a link has no curvature its direction is 0 and it is listed here. */
  readonly flat: number[] = [];
  products = 0;

  constructor(linkCount: number) {
    this.indexOf = new Int32Array(linkCount).fill(-1);
  }

  solve(network: Network, wish: StepWish): Float64Array {
    const { links } = network;
    this.room(wish.links.length);
    this.flat.length = 0;
    for (const [index, link] of wish.links.entries()) {
      this.indexOf[link] = index;
      this.right[index] = (links.load[link] as number) - (links.target[link] as number);
    }
    this.gather(network, wish.slots);
    for (const [index, link] of wish.links.entries()) {
      this.indexOf[link] = -1;
      this.direction[index] = 0;
      const isFlat = this.diagonal[index] === 0;
      if (isFlat) this.flat.push(link);
      this.open[index] = isFlat ? 0 : 1;
      this.ridge[index] = RIDGE * (this.diagonal[index] as number);
      this.diagonal[index] = (this.diagonal[index] as number) * (1 + RIDGE);
    }
    for (let round = 0; round < FIXING_ROUNDS; round += 1) {
      this.conjugate(network, wish);
      if (!this.fix(network, wish.links)) break;
    }
    return this.direction;
  }

  /** The rows √h·share of every demand over the links asked for; one that uses one only adds to the diagonal. */
  private gather(network: Network, slots: readonly number[] | 'all'): void {
    const { demands } = network;
    const { useLink, useShare, useStart, contendedUses, give } = demands;
    const { indexOf, diagonal } = this;
    const count = slots === 'all' ? demands.slots : slots.length;
    this.rows = 0;
    let entry = 0;
    if (this.rowStart.length < count + 1) this.rowStart = new Int32Array(2 * count + 1);
    for (let at = 0; at < count; at += 1) {
      const slot = slots === 'all' ? at : (slots[at] as number);
      const curvature = give[slot] as number;
      if (curvature === 0) continue;
      const start = useStart[slot] as number;
      const end = start + (contendedUses[slot] as number);
      if (entry + end - start > this.column.length) this.moreEntries(entry + end - start);
      const first = entry;
      const root = Math.sqrt(curvature);
      for (let use = start; use < end; use += 1) {
        const index = indexOf[useLink[use] as number] as number;
        if (index < 0) continue;
        const value = root * (useShare[use] as number);
        this.column[entry] = index;
        this.weight[entry] = value;
        diagonal[index] = (diagonal[index] as number) + value * value;
        entry += 1;
      }
      if (entry > first) {
        this.rowStart[this.rows] = first;
        this.rows += 1;
      }
    }
    this.rowStart[this.rows] = entry;
  }

  private conjugate(network: Network, { tolerance, productsMax }: StepWish): void {
    const { size, direction, residual, search, product, diagonal, open, right } = this;
    this.multiply(direction, product);
    let scaled = 0;
    let first = 0;
    for (let i = 0; i < size; i += 1) {
      const r = open[i] === 1 ? (right[i] as number) - (product[i] as number) : 0;
      residual[i] = r;
      const z = r / (diagonal[i] as number) || 0;
      search[i] = z;
      scaled += r * z;
      first += open[i] === 1 ? ((right[i] as number) * (right[i] as number)) / (diagonal[i] as number) : 0;
    }
    const goal = tolerance * tolerance * first;
    for (let count = 0; count < productsMax && scaled > goal; count += 1) {
      this.multiply(search, product);
      network.work += (this.rowStart[this.rows] as number) / ENTRIES_OF_WORK;
      this.products += 1;
      let bend = 0;
      for (let i = 0; i < size; i += 1)
        bend += (search[i] as number) * (product[i] as number) * (open[i] as number);
      if (!(bend > 0)) return;
      const length = scaled / bend;
      let next = 0;
      for (let i = 0; i < size; i += 1) {
        if (open[i] === 0) continue;
        direction[i] = (direction[i] as number) + length * (search[i] as number);
        const r = (residual[i] as number) - length * (product[i] as number);
        residual[i] = r;
        next += (r * r) / (diagonal[i] as number);
      }
      const keep = next / scaled;
      scaled = next;
      for (let i = 0; i < size; i += 1)
        search[i] =
          open[i] === 1
            ? (residual[i] as number) / (diagonal[i] as number) + keep * (search[i] as number)
            : 0;
    }
  }

  /** What would fall below 0 stops at 0; true when there was any. */
  private fix(network: Network, links: readonly number[]): boolean {
    const { price } = network.links;
    let any = false;
    for (const [index, link] of links.entries()) {
      if (this.open[index] === 0) continue;
      const now = price[link] as number;
      if (now + (this.direction[index] as number) >= 0) continue;
      this.direction[index] = -now;
      this.open[index] = 0;
      any = true;
    }
    return any;
  }

  private multiply(vector: Float64Array, into: Float64Array): void {
    const { rows, rowStart, column, weight, ridge, size } = this;
    for (let i = 0; i < size; i += 1) into[i] = (ridge[i] as number) * (vector[i] as number);
    let start = 0;
    for (let row = 0; row < rows; row += 1) {
      const end = rowStart[row + 1] as number;
      let sum = 0;
      for (let entry = start; entry < end; entry += 1)
        sum += (weight[entry] as number) * (vector[column[entry] as number] as number);
      for (let entry = start; entry < end; entry += 1) {
        const at = column[entry] as number;
        into[at] = (into[at] as number) + sum * (weight[entry] as number);
      }
      start = end;
    }
  }

  private room(size: number): void {
    this.size = size;
    if (this.diagonal.length < size) {
      const room = 2 * size;
      for (const name of VECTORS) this[name] = new Float64Array(room);
      this.open = new Uint8Array(room);
    }
    this.diagonal.fill(0, 0, size);
  }

  private moreEntries(needed: number): void {
    const room = Math.max(2 * this.column.length, 2 * needed);
    const columns = new Int32Array(room);
    columns.set(this.column);
    this.column = columns;
    const weights = new Float64Array(room);
    weights.set(this.weight);
    this.weight = weights;
  }
}

const VECTORS = ['diagonal', 'ridge', 'right', 'residual', 'search', 'product', 'direction'] as const;
