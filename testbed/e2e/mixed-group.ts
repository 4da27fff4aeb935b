/**
 * Two real guests on one host, one that sends and one that receives, move together over one trunk: each time by a rule
 * for their mechanisms. What such a move costs is measured from outside, in seconds.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { poll } from '../src/lab/poll.ts';
import { openStage, type Stage } from '../src/stage/index.ts';
import { goodput } from '../src/traffic/aggregate.ts';
import { type Flow, monotonicMs, type Window } from '../src/traffic/index.ts';
import { untilCompleted } from './completed.ts';
import { twoSites } from './stages.ts';

/** `chosen`: everything is allowed, and the controller takes what suits the traffic of both. */
export type Rule = 'precopy' | 'postcopy' | 'chosen';
export const RULES: readonly Rule[] = ['precopy', 'postcopy', 'chosen'];

export interface Move {
  readonly rule: Rule;
  readonly mechanisms: Readonly<Record<string, string>>;
  /** From the request of the first to the end of the last. */
  readonly totalTimeSec: number;
  /** Per application: seconds of what it got before that it did not get, from the request until it was back. */
  readonly lostSec: Readonly<Record<string, number>>;
  /** Total time and what both applications lost. */
  readonly costSec: number;
  readonly downtimeSec: Readonly<Record<string, number>>;
  readonly transferredBytes: number;
}

const VMS = ['sender', 'receiver'] as const;
const FLOW_BITS_PER_SEC = 40e6;
const BASELINE_MS = 3000;
/** Applications are back by then, or what they still lack counts. */
const AFTER_MS = 3000;
const MOVE_TIMEOUT_MS = 120_000;
const CLIENT = 'c2';

const story = twoSites({
  name: 'e2e-choice',
  trunkFloorMegabits: 10,
  vms: VMS.map((name) => ({ name, memoryMebibytes: 12, phases: [[3600, 0.2, 2]] as const })),
});

export interface MixedGroup {
  readonly stage: Stage;
  readonly flows: ReadonlyMap<string, Flow>;
  /** What each would be moved by if both were asked for now. */
  quote(): Promise<Readonly<Record<string, { readonly name: string; readonly reason: string }>>>;
  /** To the other host, both at once. @throws LabFailure when one has not ended in time */
  move(rule: Rule): Promise<Move>;
  close(): Promise<void>;
}

/** Boots both guests at h1 and has a client use them: it downloads from the one and uploads to the other. */
export async function openMixedGroup(note?: (text: string) => void): Promise<MixedGroup> {
  const stage = await openStage(story, { run: 'managed', guests: 'qemu', ...(note ? { note } : {}) });
  try {
    const flows = new Map<string, Flow>();
    for (const [vm, direction] of [
      ['sender', 'download'],
      ['receiver', 'upload'],
    ] as const)
      flows.set(
        vm,
        await stage.startFlow({
          ...{ kind: 'guest', name: `${vm}'s client`, vm, client: CLIENT, direction },
          rateBitsPerSec: FLOW_BITS_PER_SEC,
        }),
      );
    let host = 'h1';
    let moves = 0;
    const move = async (rule: Rule): Promise<Move> => {
      const destination = host === 'h1' ? 'h2' : 'h1';
      moves += 1;
      const done = await moveBoth(stage, flows, { rule, destination, number: moves });
      host = destination;
      return done;
    };
    const quote = async () => {
      await untilSteady(flows);
      const destination = host === 'h1' ? 'h2' : 'h1';
      const answers = await Promise.all(
        VMS.map((vm) => stage.ask('POST', '/v1/quotes', requestOf(vm, destination, 'chosen'))),
      );
      return Object.fromEntries(answers.map(({ body }, at) => [VMS[at], quoteSchema.parse(body).mechanism]));
    };
    return { stage, flows, quote, move, close: () => stage.close() };
  } catch (cause) {
    await stage.close();
    throw cause;
  }
}

async function moveBoth(
  stage: Stage,
  flows: ReadonlyMap<string, Flow>,
  {
    rule,
    destination,
    number,
  }: { readonly rule: Rule; readonly destination: string; readonly number: number },
): Promise<Move> {
  await untilSteady(flows);
  const askedMs = monotonicMs();
  const ids = await Promise.all(
    VMS.map((vm) => stage.migrate({ id: `${vm}-${number}-${rule}`, ...requestOf(vm, destination, rule) })),
  );
  const views = await Promise.all(ids.map((id) => untilCompleted(stage, id, MOVE_TIMEOUT_MS)));
  const endedMs = monotonicMs();
  await delay(AFTER_MS);
  const before = { fromMs: askedMs - BASELINE_MS, toMs: askedMs };
  const during = { fromMs: askedMs, toMs: endedMs + AFTER_MS };
  const lost = VMS.map((vm) => [vm, lostSec(flows.get(vm)?.samples ?? [], before, during)] as const);
  const totalTimeSec = (endedMs - askedMs) / 1000;
  return {
    rule,
    mechanisms: Object.fromEntries(views.map((view, at) => [VMS[at], view.mechanism.name])),
    totalTimeSec,
    lostSec: Object.fromEntries(lost),
    costSec: lost.reduce((sum, [, seconds]) => sum + seconds, totalTimeSec),
    downtimeSec: Object.fromEntries(views.map((view, at) => [VMS[at], view.receipt?.downtimeSec ?? NaN])),
    transferredBytes: views.reduce((sum, view) => sum + (view.receipt?.transferredBytes ?? 0), 0),
  };
}

const requestOf = (vm: string, destination: string, rule: Rule) => ({
  ...{ vm, destination, downtimeLimitSec: 0.5 },
  mechanisms: rule === 'chosen' ? ['precopy', 'postcopy'] : [rule],
  togetherWith: VMS.filter((other) => other !== vm),
});

const quoteSchema = z.object({ mechanism: z.object({ name: z.string(), reason: z.string() }) });

/** A burst after a silence makes up for it, so the whole window counts, and more than before is no gain. */
function lostSec(samples: Flow['samples'], before: Window, during: Window): number {
  const usual = goodput(samples, before);
  const got = goodput(samples, during);
  return Math.max(0, 1 - got / usual) * ((during.toMs - during.fromMs) / 1000);
}

/** What applications get for a while is what they ask for: the measured traffic of the VMs is settled too. */
const untilSteady = (flows: ReadonlyMap<string, Flow>): Promise<true> =>
  poll('applications at their rates', 30_000, async () => {
    const toMs = monotonicMs() - 200;
    const steady = [...flows.values()].every(({ samples, problem }) => {
      if (problem !== null) throw new Error(problem);
      return goodput(samples, { fromMs: toMs - BASELINE_MS, toMs }) > STEADY_SHARE * FLOW_BITS_PER_SEC;
    });
    return steady ? true : null;
  });
const STEADY_SHARE = 0.95;
