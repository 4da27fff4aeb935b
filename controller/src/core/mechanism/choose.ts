/**
 * How a VM's memory is moved: by what its traffic leaves for the migration in each direction (Deshpande and Keahey). In
 * pre-copy the VM sends from the source, against the migration; in post-copy it receives at the destination, against
 * the migration. Only what the user allows and both hypervisors can do is chosen; a tie stays with pre-copy.
 */
import { migrationRate, type VmTraffic } from '@sluice/models';
import { type BitsPerSec, bitsPerSec } from '@sluice/units';
import type { MechanismName, MigrationRequest } from '../request.ts';
import type { HostId, State, VmState } from '../state.ts';

export interface MechanismChoice {
  readonly name: MechanismName;
  /**
   * `asked`: nothing else is allowed. `unsupported`: a hypervisor lacks the others. `traffic`: it leaves most for the
   * migration. `convergence`: pre-copy would not end.
   */
  readonly reason: 'asked' | 'unsupported' | 'traffic' | 'convergence';
  /** What the VM's and the hosts' own traffic leaves for the migration; null = the NICs are unknown. */
  readonly left: { readonly precopy: BitsPerSec; readonly postcopy: BitsPerSec } | null;
}

/** What both agents must be able to do before memory may follow its VM. */
const POSTCOPY = 'postcopy';

/** `converges`: whether pre-copy would keep the limits at the most that there is. */
export function chooseMechanism(
  state: State,
  request: MigrationRequest,
  vm: VmState,
  converges: boolean,
): MechanismChoice {
  const hosts = { source: vm.hostId, destination: request.destination };
  const left = leftBy(state, hosts, vm);
  const { mechanisms } = request;
  const [only] = mechanisms;
  if (mechanisms.length === 1 && only !== undefined) return { name: only, reason: 'asked', left };
  const after = mechanisms.find((name) => name !== 'precopy');
  const mayPrecopy = mechanisms.includes('precopy');
  if (after === undefined || !canPostcopy(state, hosts))
    return { name: mayPrecopy ? 'precopy' : (after ?? 'precopy'), reason: 'unsupported', left };
  if (mayPrecopy && !converges) {
    const name = mechanisms.includes('hybrid') ? 'hybrid' : 'postcopy';
    return { name, reason: 'convergence', left };
  }
  const isPostcopyBetter = left !== null && left.postcopy > left.precopy;
  if (isPostcopyBetter)
    return { name: mechanisms.includes('postcopy') ? 'postcopy' : 'hybrid', reason: 'traffic', left };
  return { name: mayPrecopy ? 'precopy' : 'hybrid', reason: 'traffic', left };
}

export const canPostcopy = (
  state: State,
  { source, destination }: { readonly source: HostId; readonly destination: HostId },
): boolean =>
  [source, destination].every((id) => state.hosts.get(id)?.capabilities.includes(POSTCOPY) ?? false);

/** What each mechanism leaves for the migration of one VM. */
function leftBy(
  state: State,
  hosts: { readonly source: HostId; readonly destination: HostId },
  vm: VmState,
): MechanismChoice['left'] {
  const free = freeOfOthers(state, hosts, vm);
  if (free === null) return null;
  const left = (mechanism: 'precopy' | 'postcopy') =>
    bitsPerSec(migrationRate([trafficOf(vm)], free, [mechanism]));
  return { precopy: left('precopy'), postcopy: left('postcopy') };
}

/** The NICs without the VM that moves: its own traffic is what the choice is about. */
function freeOfOthers(
  state: State,
  { source, destination }: { readonly source: HostId; readonly destination: HostId },
  moving: VmState,
): { readonly sourceOut: number; readonly destinationIn: number } | null {
  const [from, to] = [state.hosts.get(source), state.hosts.get(destination)];
  if (!from?.nicCapacity || !to?.nicCapacity) return null;
  const othersOut = Math.max(0, from.tx - moving.tx);
  return {
    sourceOut: Math.max(0, from.nicCapacity - othersOut),
    destinationIn: Math.max(0, to.nicCapacity - to.rx),
  };
}

const trafficOf = ({ tx, rx }: VmState): VmTraffic => ({ out: tx, in: rx });
