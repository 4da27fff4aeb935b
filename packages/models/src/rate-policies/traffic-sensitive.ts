/**
 * What directional traffic leaves for migration (Deshpande and Keahey, FGCS 2017). A VM in pre-copy runs at the source,
 * so its outbound traffic meets the migration at the source's egress; in post-copy it runs at the destination, so its
 * inbound traffic meets it at the destination's ingress:
 *
 *   B = min(C_out − Σ_{pre-copy} out_i − others' out,  C_in − Σ_{post-copy} in_i − others' in).
 */

export interface VmTraffic {
  /** In one unit of rate, as the capacities are. */
  readonly out: number;
  readonly in: number;
}

export interface Hosts {
  readonly sourceOut: number;
  readonly destinationIn: number;
}

export type Mechanism = 'precopy' | 'postcopy';

export interface MechanismChoice {
  readonly mechanisms: readonly Mechanism[];
  /** B; never below 0. */
  readonly rate: number;
}

/** B for a choice. */
export function migrationRate(
  vms: readonly VmTraffic[],
  hosts: Hosts,
  mechanisms: readonly Mechanism[],
): number {
  let out = hosts.sourceOut;
  let into = hosts.destinationIn;
  for (const [index, vm] of vms.entries()) {
    if (mechanisms[index] === 'precopy') out -= vm.out;
    else into -= vm.in;
  }
  return Math.max(0, Math.min(out, into));
}

/** The paper's rule: post-copy for what sends more than it receives; a tie stays with pre-copy, for its short downtime. */
export const byRule = (vms: readonly VmTraffic[], hosts: Hosts): MechanismChoice =>
  choice(
    vms,
    hosts,
    vms.map((vm) => (vm.out > vm.in ? 'postcopy' : 'precopy')),
  );

export const allOf = (mechanism: Mechanism, vms: readonly VmTraffic[], hosts: Hosts): MechanismChoice =>
  choice(
    vms,
    hosts,
    vms.map(() => mechanism),
  );

/** Beyond this many VMs the exact choice would try more than a million groups. */
export const EXACT_VMS_MAX = 20;

/**
 * The choice with the highest B, and among equals the one with the fewest post-copies. Exact up to `EXACT_VMS_MAX` VMs,
 * by trying all; beyond it the best of the rule and both extremes, improved by single moves and swaps.
 */
export function bestChoice(
  vms: readonly VmTraffic[],
  hosts: Hosts,
): MechanismChoice & { readonly exact: boolean } {
  return vms.length <= EXACT_VMS_MAX
    ? { ...everyChoice(vms, hosts), exact: true }
    : { ...improved(vms, hosts), exact: false };
}

function everyChoice(vms: readonly VmTraffic[], hosts: Hosts): MechanismChoice {
  const outAll = vms.reduce((sum, vm) => sum + vm.out, 0);
  let best = { rate: -1, posts: 0, mask: 0 };
  const visit = (index: number, mask: number, posts: number, out: number, into: number): void => {
    const vm = vms[index];
    if (vm === undefined) {
      const rate = Math.max(0, Math.min(hosts.sourceOut - out, hosts.destinationIn - into));
      const gain = rate - best.rate;
      if (gain > TIE || (gain >= -TIE && posts < best.posts)) best = { rate, posts, mask };
      return;
    }
    visit(index + 1, mask, posts, out, into);
    visit(index + 1, mask | (1 << index), posts + 1, out - vm.out, into + vm.in);
  };
  visit(0, 0, 0, outAll, 0);
  return choice(
    vms,
    hosts,
    vms.map((_, index) => (best.mask & (1 << index) ? 'postcopy' : 'precopy')),
  );
}

/** Rates this close are the same. */
const TIE = 1e-9;

function improved(vms: readonly VmTraffic[], hosts: Hosts): MechanismChoice {
  const starts = [allOf('precopy', vms, hosts), byRule(vms, hosts), allOf('postcopy', vms, hosts)];
  let best = starts.reduce((a, b) => (b.rate > a.rate + TIE ? b : a));
  for (let pass = 0; pass < PASSES_MAX; pass += 1) {
    const better = neighbour(vms, hosts, best);
    if (better === null) break;
    best = better;
  }
  return best;
}

const PASSES_MAX = 1000;

/** The first choice with a higher B that differs in one VM, or in two of different mechanisms. */
function neighbour(vms: readonly VmTraffic[], hosts: Hosts, from: MechanismChoice): MechanismChoice | null {
  const flipped = (indices: readonly number[]): MechanismChoice =>
    choice(
      vms,
      hosts,
      from.mechanisms.map((mechanism, index) =>
        indices.includes(index) ? (mechanism === 'precopy' ? 'postcopy' : 'precopy') : mechanism,
      ),
    );
  for (let i = 0; i < vms.length; i += 1) {
    const one = flipped([i]);
    if (one.rate > from.rate + TIE) return one;
    for (let j = i + 1; j < vms.length; j += 1) {
      if (from.mechanisms[i] === from.mechanisms[j]) continue;
      const two = flipped([i, j]);
      if (two.rate > from.rate + TIE) return two;
    }
  }
  return null;
}

const choice = (
  vms: readonly VmTraffic[],
  hosts: Hosts,
  mechanisms: readonly Mechanism[],
): MechanismChoice => ({ mechanisms, rate: migrationRate(vms, hosts, mechanisms) });
