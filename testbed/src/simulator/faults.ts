/** What goes wrong in a simulation, and what users ask for beside migrations. */
import type { CoreEvent, Heard, MigrationId } from '@sluice/controller/core';
import type { LinkId, Topology } from '@sluice/topology';
import { assert, unreachable } from '@sluice/units';
import type { Story } from '../story/index.ts';
import { migrationIdOf } from './core-request.ts';
import type { EmulatedAgents } from './emulated-agents.ts';
import type { EmulatedNetwork } from './emulated-network.ts';
import type { FluidNetwork } from './fluid-network.ts';
import type { Fault } from './types.ts';

/** Until a switch has reported its port, and the controller has heard of it. */
const LINK_NOTICE_MS = 60;

export interface FaultParts {
  readonly story: Story;
  readonly topology: Topology;
  readonly fluid: FluidNetwork;
  readonly network: EmulatedNetwork;
  readonly agents: EmulatedAgents;
  after(ms: number, action: () => void): void;
  hear(heard: Heard): void;
  explain(migrationId: MigrationId): void;
  note(type: string, detail: CoreEvent['detail']): void;
}

export function strike(fault: Fault, parts: FaultParts): void {
  const { agents, network, topology } = parts;
  switch (fault.kind) {
    case 'abort':
      parts.hear({
        kind: 'abort_requested',
        migrationId: migrationAt(parts.story, fault.vm, fault.atSec),
        reason: 'asked by the story',
      });
      break;
    case 'commit':
      parts.hear({ kind: 'commit_requested', migrationId: migrationAt(parts.story, fault.vm, fault.atSec) });
      break;
    case 'explain':
      parts.explain(migrationAt(parts.story, fault.vm, fault.atSec));
      break;
    case 'agent_dies':
      parts.note('fault_agent_dies', { hostId: fault.hostId });
      agents.kill(fault.hostId);
      break;
    case 'agent_comes_back':
      parts.note('fault_agent_comes_back', { hostId: fault.hostId });
      agents.revive(fault.hostId);
      break;
    case 'rate_ignored':
      parts.note('fault_rate_ignored', { hostId: fault.hostId });
      agents.ignoreNextRate(fault.hostId);
      break;
    case 'change_refused': {
      parts.note('fault_change_refused', { switch: fault.switchName });
      const found = [...topology.switches.values()].find((one) => one.name === fault.switchName);
      assert(found, `the story has no switch ${fault.switchName}`);
      network.refuseNextChange(found.dpid);
      break;
    }
    case 'link_breaks':
    case 'link_mended':
      setCable(fault.link, fault.kind === 'link_breaks', parts);
      break;
    default:
      unreachable(fault);
  }
}

/** Both directions of a cable. */
function setCable(link: string, isBroken: boolean, { topology, fluid, ...parts }: FaultParts): void {
  parts.note(isBroken ? 'fault_link_breaks' : 'fault_link_mended', { link });
  // An unknown name is not found.
  const found = topology.links.get(link as LinkId);
  assert(found, `the story has no link ${link}; there is ${[...topology.links.keys()].join(', ')}`);
  for (const id of [found.id, found.reverse]) {
    fluid.setDown(id, isBroken);
    parts.after(LINK_NOTICE_MS, () =>
      parts.hear({ kind: isBroken ? 'link_went_down' : 'link_came_up', link: id }),
    );
  }
}

/** The last migration of the VM that has been asked for by then. */
function migrationAt(story: Story, vm: string, atSec: number): MigrationId {
  let found: { readonly id: string; readonly atSec: number } | null = null;
  for (const [index, migration] of story.migrations.entries())
    if (migration.vm === vm && migration.atSec <= atSec && migration.atSec >= (found?.atSec ?? 0))
      found = { id: migrationIdOf(migration, index), atSec: migration.atSec };
  assert(found, `the story migrates no VM ${vm} by second ${atSec}`);
  // Here the story's id becomes the core's.
  return found.id as MigrationId;
}
