/**
 * An admission that relies on a quote gets what was quoted, or more, or is told that the quote is stale. VMs never write
 * at quite the same rate, and others come and go, so what a new assessment would choose is a little different every few
 * seconds; a promise holds for as long as it can still be given: the same way, at least the guarantee, for at least the
 * time, by the same mechanism, and nobody else has to concede.
 */
import { type LinkId, nodeName, reversePath } from '@sluice/topology';
import { type BitsPerSec, bitsPerSec, instant } from '@sluice/units';
import { overQuota, type Window } from '../ledger/index.ts';
import type { MigrationRequest } from '../request.ts';
import type { State, VmState } from '../state.ts';
import { assessAlong, type Feasible, type Refused } from './assess.ts';
import { type Decision, decide } from './decide.ts';
import { digestOf, digestOfRefusal, type PromisedOffer, readTag, tagOf, victimsOf } from './promise-tag.ts';
import { narrowestOf } from './way.ts';

export type Honoured = Decision | Refused;
/** `etag` is that of the quote as it would be now. */
export type Stale = { readonly stale: true; readonly etag: string };

export function honour(state: State, request: MigrationRequest, tag: string): Honoured | Stale {
  const decision = decide(state, request);
  const promised = readTag(tag);
  const stale: Stale = { stale: true, etag: tagOf(state, request, decision) };
  if (promised === null || promised.request !== digestOf(request)) return stale;
  if (promised.kind === 'refusal')
    return !decision.ok && digestOfRefusal(decision) === promised.refusal ? decision : stale;
  return (decision.ok ? honoured(state, request, decision, promised) : null) ?? stale;
}

function honoured(
  state: State,
  request: MigrationRequest,
  decision: Decision,
  promised: PromisedOffer,
): Decision | null {
  const { victims, ledger } = decision;
  if (victims.length > 0 && victimsOf(victims) !== promised.victims) return null;
  const cleared = { ...state, ledger };
  const feasible = onPromisedWay(cleared, request, decision.feasible, promised);
  if (feasible === null || feasible.mechanism.name !== promised.mechanism) return null;
  const kept = keeping(cleared, request, feasible, promised);
  return kept && { ...decision, feasible: kept };
}

/** Where several ways are as good, the newest assessment may have another one. */
function onPromisedWay(
  state: State,
  request: MigrationRequest,
  chosen: Feasible,
  { path }: PromisedOffer,
): Feasible | null {
  const { linkList } = state.topology;
  const links = path.map((number) => linkList[number]?.id).filter((id) => id !== undefined);
  if (isSame(links, chosen.use.path)) return chosen;
  if (links.length !== path.length || !isWhole(state, chosen.vm, request, links)) return null;
  const use = { ...chosen.use, path: links, reversePath: reversePath(state.topology, links) };
  const assessment = assessAlong(state, request, chosen.vm, use);
  return assessment.ok ? assessment : null;
}

export const isSame = (a: readonly LinkId[], b: readonly LinkId[]): boolean =>
  a.length === b.length && a.every((link, index) => link === b[index]);

/** It leads from the VM's host to the destination, and every cable of it is up. */
export function isWhole(
  state: State,
  vm: VmState,
  request: MigrationRequest,
  path: readonly LinkId[],
): boolean {
  let at = nodeName({ kind: 'host', hostId: vm.hostId });
  for (const id of path) {
    const link = state.topology.links.get(id);
    if (link === undefined || nodeName(link.from) !== at) return false;
    if (state.linksDown.has(id) || state.linksDown.has(link.reverse)) return false;
    at = nodeName(link.to);
  }
  return at === nodeName({ kind: 'host', hostId: request.destination });
}

/** With the larger guarantee and the longer time of both; null when there is no room for that. */
function keeping(
  state: State,
  request: MigrationRequest,
  feasible: Feasible,
  promised: PromisedOffer,
): Feasible | null {
  const window = longer(state, feasible.window, promised.until);
  const guarantee: BitsPerSec = bitsPerSec(Math.max(feasible.guarantee, promised.guarantee));
  if (guarantee === feasible.guarantee && window === feasible.window) return feasible;
  if (guarantee > feasible.rateLimit) return null;
  const { use } = feasible;
  if (narrowestOf(state, use, window, use).rate < guarantee) return null;
  const { tenant } = request;
  if (overQuota(state, { tenant, guarantee, window, own: use.own }) !== null) return null;
  return { ...feasible, guarantee, window };
}

function longer(state: State, window: Window, until: number): Window {
  if (window.until === null || until <= window.until - state.now + ROUNDING_MS) return window;
  return { ...window, until: Number.isFinite(until) ? instant(state.now + until) : null };
}

/** A tag tells whole milliseconds. */
const ROUNDING_MS = 1;
