/**
 * How a VM's memory is moved: by what the traffic of it and of those that move with it leaves for migration in each
 * direction. Only what the user allows and both hypervisors can do is chosen; a tie stays with pre-copy.
 */
import type { BitsPerSec } from '@sluice/units';
import type { VmId } from '../ids.ts';
import type { MechanismName, MigrationRequest } from '../request.ts';
import type { HostId, State, VmState } from '../state.ts';
import { compare } from './traffic.ts';

export interface MechanismChoice {
  readonly name: MechanismName;
  /**
   * `asked`: nothing else is allowed. `unsupported`: a hypervisor lacks the others. `traffic`: it leaves most for the
   * migration. `convergence`: pre-copy would not end. `unprotected`: what is left of the links cannot be promised to
   * the end of a post-copy.
   */
  readonly reason: 'asked' | 'unsupported' | 'traffic' | 'convergence' | 'unprotected';
  /**
   * What traffic leaves for the migrations between the two hosts when this VM is moved so or so, and the others as is
   * best for all of them; null = the NICs are unknown.
   */
  readonly left: { readonly precopy: BitsPerSec; readonly postcopy: BitsPerSec } | null;
  /** The VMs that were looked at together, this one among them, in order of their ids; `left` is of all of them. */
  readonly group: readonly GroupMember[];
}

export interface GroupMember {
  readonly vmId: VmId;
  readonly name: MechanismName;
  /** `under_way`: settled when its migration was admitted. `open`: settled when it is asked for. */
  readonly state: 'under_way' | 'open';
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
  const { mechanisms } = request;
  const { best, left, others } = compare(state, hosts, vm, request.togetherWith);
  const [only] = mechanisms;
  const after = mechanisms.find((name) => name !== 'precopy');
  const mayPrecopy = mechanisms.includes('precopy');
  const named = (name: MechanismName, reason: MechanismChoice['reason']): MechanismChoice => {
    const itself: GroupMember = { vmId: vm.id, name, state: 'open' };
    const group = [...others, itself].sort((a, b) => (a.vmId < b.vmId ? -1 : 1));
    return { name, reason, left, group };
  };
  if (mechanisms.length === 1 && only !== undefined) return named(only, 'asked');
  if (after === undefined || !canPostcopy(state, hosts))
    return named(mayPrecopy ? 'precopy' : (after ?? 'precopy'), 'unsupported');
  if (request.policy === 'unmanaged' && mayPrecopy) return named('precopy', 'unprotected');
  if (mayPrecopy && !converges)
    return named(mechanisms.includes('hybrid') ? 'hybrid' : 'postcopy', 'convergence');
  if (best === 'postcopy') return named(mechanisms.includes('postcopy') ? 'postcopy' : 'hybrid', 'traffic');
  return named(mayPrecopy ? 'precopy' : 'hybrid', 'traffic');
}

export const canPostcopy = (
  state: State,
  { source, destination }: { readonly source: HostId; readonly destination: HostId },
): boolean =>
  [source, destination].every((id) => state.hosts.get(id)?.capabilities.includes(POSTCOPY) ?? false);
