/** The answer to a request, the same for a quote and for an admission: what is promised, and who concedes what for it. */
import type { Ledger } from '../ledger/index.ts';
import type { MigrationRequest, Refusal } from '../request.ts';
import type { State } from '../state.ts';
import { assess, type Feasible, type Refused } from './assess.ts';
import { preempt, type Victim } from './preempt.ts';

export interface Decision {
  readonly ok: true;
  readonly feasible: Feasible;
  readonly victims: readonly Victim[];
  /** With what the victims concede already taken from their guarantees. */
  readonly ledger: Ledger;
}

/** Refusals that room on the links may turn into an admission. */
const FOR_WANT_OF_ROOM: ReadonlySet<Refusal['kind']> = new Set([
  'insufficient_capacity',
  'will_not_converge',
  'deadline_infeasible',
  'downtime_infeasible',
]);

export function decide(state: State, request: MigrationRequest): Decision | Refused {
  const assessment = assess(state, request);
  if (assessment.ok) return { ok: true, feasible: assessment, victims: [], ledger: state.ledger };
  const vm = state.vms.get(request.vmId);
  if (!request.mayPreempt || vm === undefined || !FOR_WANT_OF_ROOM.has(assessment.refusal.kind))
    return assessment;
  const found = preempt(state, request, vm);
  return found === null ? assessment : { ok: true, ...found };
}
