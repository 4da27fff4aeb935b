/**
 * The pure core: an input and a state give the next state and what is to be done. No clock, no randomness, no waiting,
 * no logging. Time comes with the input and never runs backwards.
 */

import { larger, unreachable } from '@sluice/units';
import { onRequested } from './admission/admit.ts';
import { onCommitRequested } from './admission/waiting.ts';
import { stateWith } from './copies.ts';
import type { Input } from './input.ts';
import { advance } from './ledger/index.ts';
import { onAbortRequested } from './lifecycle/ending.ts';
import { onLinkDown, onLinkUp, onLoadMeasured } from './lifecycle/links.ts';
import { onNetworkDone, onNetworkFailed } from './lifecycle/network.ts';
import { onReport } from './lifecycle/reports.ts';
import { onCountersRead } from './lifecycle/rounds.ts';
import { onTick } from './lifecycle/tick.ts';
import type { Step } from './result.ts';
import { onShadowTick } from './shadow/play.ts';
import { asTold } from './shadow/would.ts';
import type { State } from './state.ts';

export function step(before: State, input: Input): Step {
  const now = larger(before.now, input.now);
  const state: State = stateWith(before, { now, ledger: advance(before.ledger, now) });
  if (!state.config.shadow) return handle(state, input);
  const stepped = input.kind === 'tick' ? onShadowTick(state) : handle(state, input);
  return { state: stepped.state, effects: asTold(stepped.effects) };
}

function handle(state: State, input: Input): Step {
  switch (input.kind) {
    case 'migration_requested':
      return onRequested(state, input.request);
    case 'commit_requested':
      return onCommitRequested(state, input.migrationId);
    case 'abort_requested':
      return onAbortRequested(state, input.migrationId, input.reason);
    case 'agent_reported':
      return onReport(state, input.hostId, input.report);
    case 'network_done':
      return onNetworkDone(state, input);
    case 'network_failed':
      return onNetworkFailed(state, input);
    case 'counters_read':
      return onCountersRead(state, input);
    case 'link_load_measured':
      return onLoadMeasured(state, input.loads);
    case 'link_went_down':
      return onLinkDown(state, input.link);
    case 'link_came_up':
      return onLinkUp(state, input.link);
    case 'tick':
      return onTick(state);
    default:
      return unreachable(input);
  }
}
