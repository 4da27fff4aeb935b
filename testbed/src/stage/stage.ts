/**
 * A story's network, controller, agents and VMs on real parts, standing until closed and without a timeline: who
 * opens it decides which applications run and what is migrated when.
 */
import { rmSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { z } from 'zod';
import {
  apiUrlFile,
  type GuestVerdict,
  isUnharmed,
  type StoryGuests,
  startStoryGuests,
} from '../guests/index.ts';
import { type Lab, LabFailure, type Network, openLab } from '../lab/index.ts';
import { poll } from '../lab/poll.ts';
import { controllerConfigOf, networkSpecOf, PREFIX_LENGTH, type Surroundings } from '../run/configs.ts';
import {
  type ControllerClient,
  createControllerClient,
  type MigrationView,
  RequestRefused,
} from '../run/controller-client.ts';
import { startConfigured } from '../run/processes.ts';
import type { Story, StoryFlow } from '../story/index.ts';
import { type Flow, monotonicMs, type Prober } from '../traffic/index.ts';
import { type GuestKind, type StageAgent, startAgents } from './stage-agents.ts';
import { type StageSnapshot, snapshotStage } from './stage-snapshot.ts';
import { startStoryFlow, startStoryProber } from './stage-traffic.ts';

export interface StageOptions {
  /** What the ports get: queues and classifier, or one queue at the link's rate. */
  readonly run: 'managed' | 'unmanaged';
  /** An open lab, which stays open; absent: the stage opens one and closes it with itself. */
  readonly lab?: Lab;
  /** Separates the stages that share one lab's Redis and directory, one after the other; a few letters. */
  readonly name?: string;
  /** Aborting it ends the opening with the signal's reason. */
  readonly signal?: AbortSignal;
  readonly note?: (text: string) => void;
  /** What the story's VMs are; absent: emulated. */
  readonly guests?: GuestKind;
  /** Real guests have a disk of this size each; absent: none. */
  readonly diskBytes?: number;
  /** Between the controller's being ready and the start of agents and VMs, whose workload counts from there. */
  readonly beforeAgents?: (stage: UnmannedStage) => Promise<void>;
}

/** Body of POST /v1/migrations; also what it should refuse. */
export type MigrationBody = Readonly<Record<string, unknown>>;

export interface ApiAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: unknown;
}

/** The stage as long as no agent runs. */
export interface UnmannedStage {
  readonly lab: Lab;
  readonly network: Network;
  readonly client: ControllerClient;
  /** Of the controller's HTTP API. */
  readonly url: string;
  readonly redis: Redis;
  /** The controller's process. */
  readonly controllerPid: number;
  /** Of every key of this stage in Redis. */
  readonly redisPrefix: string;
  /** Started flows and probers end with the stage at the latest. */
  startFlow(flow: StoryFlow): Promise<Flow>;
  startProber(prober?: NonNullable<Story['prober']>): Promise<Prober>;
  /** Any request; text is sent as it is, everything else as JSON. */
  ask(method: string, path: string, body?: unknown): Promise<ApiAnswer>;
  /** POST /v1/migrations; resolves with its id. @throws RequestRefused with the controller's words */
  migrate(body: MigrationBody): Promise<string>;
  /** Until the migration satisfies the condition. @throws LabFailure `timed_out` */
  until(
    id: string,
    what: string,
    holds: (view: MigrationView) => boolean,
    timeoutMs?: number,
  ): Promise<MigrationView>;
  /** Until it has its receipt. @throws LabFailure `timed_out` */
  untilEnded(id: string, timeoutMs?: number): Promise<MigrationView>;
  snapshot(): Promise<StageSnapshot>;
  /** Ends everything in order; the lab too, if the stage opened it. */
  close(): Promise<void>;
}

export interface GuestCheck {
  /** By name, every real guest. */
  readonly verdicts: ReadonlyMap<string, GuestVerdict>;
  /** A sentence per guest that does not hold what was written, and what guests could not be told. */
  readonly problems: readonly string[];
}

export interface Stage extends UnmannedStage {
  readonly agents: ReadonlyMap<string, StageAgent>;
  agent(host: string): StageAgent;
  /** When all agents were ready, on the monotonic clock. */
  readonly vmsStartedMs: number;
  /** Real guests read all their memory. Empty for emulated ones, whose agents compare every page themselves. */
  checkGuests(): Promise<GuestCheck>;
  /** What that finds wrong. */
  guestProblems(): Promise<readonly string[]>;
}

const UNTIL_TIMEOUT_MS = 60_000;
/** Agents are heard and VMs run by then; a machine whose processors are all busy needs most of it. */
const VMS_KNOWN_TIMEOUT_MS = 60_000;
const STATE_POLL_MS = 50;
const REQUEST_TIMEOUT_MS = 10_000;

const admittedSchema = z.object({ id: z.string() });
const problemSchema = z.object({ code: z.string(), detail: z.string(), fix: z.string() });

/** @throws LabFailure when a part does not start; whatever was started until then is ended first */
export async function openStage(story: Story, options: StageOptions): Promise<Stage> {
  const closers: Closers = [];
  const close = async () => {
    for (let closer = closers.pop(); closer; closer = closers.pop()) await closer();
  };
  try {
    const lab = options.lab ?? (await openLab({ label: `stage of ${story.name}` }));
    if (!options.lab) closers.push(() => lab.close());
    return await build(story, lab, options, closers, close);
  } catch (cause) {
    await close().catch(() => undefined);
    throw cause;
  }
}

/** Carried out last first. */
type Closers = (() => Promise<void>)[];

async function build(
  story: Story,
  lab: Lab,
  options: StageOptions,
  closers: Closers,
  close: () => Promise<void>,
): Promise<Stage> {
  const { signal, name = 's', note = () => undefined } = options;
  const around: Surroundings = {
    prefix: lab.prefix,
    stateDir: `${lab.dir}/${name}`,
    redisPrefix: `sluice-${name}`,
    redisSocket: lab.redis.socketPath,
    ovsdb: lab.switchd.target,
    controllerIp: lab.controllerIp,
  };
  const redis = new Redis({ path: lab.redis.socketPath });
  // A lab that is closed early takes its Redis away; whoever asks for something then is told.
  redis.on('error', () => undefined);
  closers.push(async () => redis.disconnect());
  const { network, url, controllerPid } = await startNetwork(lab, story, around, options, closers);
  // By this, commands in another terminal find the controller of a lab.
  writeFileSync(apiUrlFile(lab.prefix), url);
  closers.push(async () => rmSync(apiUrlFile(lab.prefix), { force: true }));
  const client = createControllerClient(url);
  const unmanned: UnmannedStage = {
    ...{ lab, network, client, url, redis, controllerPid, redisPrefix: around.redisPrefix, close },
    startFlow: async (flow) => {
      const started = await startStoryFlow(lab, story, network, flow);
      closers.push(() => started.stop());
      return started;
    },
    startProber: async (prober = story.prober ?? undefined) => {
      if (!prober) throw new RangeError('the story has no prober');
      const started = await startStoryProber(lab, story, network, prober);
      closers.push(() => started.stop());
      return started;
    },
    ask: (method, path, body) => ask(url, method, path, body),
    migrate: async (body) => {
      const { status, body: answer } = await ask(url, 'POST', '/v1/migrations', body);
      if (status === 202) return admittedSchema.parse(answer).id;
      const { code, detail, fix } = problemSchema.parse(answer);
      throw new RequestRefused(code, `${detail}; ${fix}`);
    },
    until: (id, what, holds, timeoutMs) => until(client, { id, what, holds, timeoutMs, signal }),
    untilEnded: (id, timeoutMs) => {
      const holds = (view: MigrationView) => view.receipt !== null;
      return until(client, { id, what: 'the end', holds, timeoutMs, signal });
    },
    snapshot: () => snapshotStage(lab, network, redis, around.redisPrefix),
  };
  await options.beforeAgents?.(unmanned);
  signal?.throwIfAborted();
  const guests = options.guests === 'qemu' ? await startGuests(lab, story, options, closers) : null;
  signal?.throwIfAborted();
  const agents = await startAgents(lab, story, network, around, options.guests);
  const vmsStartedMs = monotonicMs();
  guests?.playWorkloads();
  closers.push(async () => void (await Promise.all([...agents.values()].map((agent) => agent.stop()))));
  note(`agents and ${story.vms.length === 1 ? 'VM' : `${story.vms.length} VMs`} run`);
  let unknown: readonly string[] = [];
  await poll(
    () => `the controller's knowing of ${unknown.join(', ')}`,
    VMS_KNOWN_TIMEOUT_MS,
    async () => {
      signal?.throwIfAborted();
      const names = await client.vmNames();
      unknown = story.vms.map((vm) => vm.name).filter((vm) => !names.includes(vm));
      return unknown.length === 0 ? true : null;
    },
  );
  const agent = (host: string) => {
    const one = agents.get(host);
    if (!one) throw new RangeError(`no agent runs on ${host}`);
    return one;
  };
  const checkGuests = async () => (guests === null ? UNCHECKED : check(guests));
  const guestProblems = async () => (await checkGuests()).problems;
  return { ...unmanned, agents, agent, vmsStartedMs, checkGuests, guestProblems };
}

async function startGuests(
  lab: Lab,
  story: Story,
  { diskBytes, note = () => undefined }: StageOptions,
  closers: Closers,
): Promise<StoryGuests> {
  const guests = await startStoryGuests({
    ...{ prefix: lab.prefix, vms: story.vms, prefixLength: PREFIX_LENGTH, note },
    ...(diskBytes === undefined ? {} : { diskBytes }),
  });
  closers.push(() => guests.close());
  note(`${story.vms.length === 1 ? 'guest answers' : `${story.vms.length} guests answer`}`);
  return guests;
}

const UNCHECKED: GuestCheck = { verdicts: new Map(), problems: [] };

async function check(guests: StoryGuests): Promise<GuestCheck> {
  const verdicts = await guests.verify();
  const harm = [...verdicts]
    .filter(([, verdict]) => !isUnharmed(verdict))
    .map(([name, one]) => `${name}: ${one.wrongPages} of ${one.checkedPages} pages are wrong`);
  return { verdicts, problems: [...harm, ...guests.problems()] };
}

async function startNetwork(
  lab: Lab,
  story: Story,
  around: Surroundings,
  { run, guests, name = 's', signal, note = () => undefined }: StageOptions,
  closers: Closers,
): Promise<{ network: Network; url: string; controllerPid: number }> {
  let network: Network | null = null;
  // The controller goes first at the end: it takes its queues and flows out of switches that are still there.
  closers.push(async () => network?.close());
  const controller = await startConfigured(lab, {
    name: `controller-${name}`,
    program: 'controller',
    config: controllerConfigOf(story, around, { realGuests: guests === 'qemu' }),
  });
  closers.push(() => controller.stop());
  const { httpUrl, openflowHost, openflowPort } = await controller.heard('controller_listening');
  signal?.throwIfAborted();
  network = await lab.buildNetwork(networkSpecOf(story), {
    ip: String(openflowHost),
    port: Number(openflowPort),
  });
  await network.provisionPorts(run);
  note(`${story.network.switches.length} switches, ${story.network.hosts.length} hosts built`);
  await controller.heard('controller_ready');
  note(`controller ready at ${String(httpUrl)}`);
  return { network, url: String(httpUrl), controllerPid: controller.process.pid };
}

interface Condition {
  readonly id: string;
  readonly what: string;
  readonly holds: (view: MigrationView) => boolean;
  readonly timeoutMs: number | undefined;
  readonly signal: AbortSignal | undefined;
}

async function until(client: ControllerClient, condition: Condition): Promise<MigrationView> {
  const { id, what, holds, timeoutMs = UNTIL_TIMEOUT_MS, signal } = condition;
  const deadline = monotonicMs() + timeoutMs;
  for (;;) {
    const view = await client.migration(id);
    if (holds(view)) return view;
    if (monotonicMs() > deadline)
      throw new LabFailure({
        code: 'timed_out',
        what: `${what} of ${id} (${view.phase})`,
        afterMs: timeoutMs,
      });
    await delay(STATE_POLL_MS, undefined, signal ? { signal } : {});
  }
}

async function ask(url: string, method: string, path: string, body?: unknown): Promise<ApiAnswer> {
  const response = await fetch(`${url}${path}`, {
    method,
    ...(body === undefined
      ? {}
      : {
          headers: { 'content-type': 'application/json' },
          body: typeof body === 'string' ? body : JSON.stringify(body),
        }),
    signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
  });
  const type = response.headers.get('content-type') ?? '';
  const text = await response.text();
  return { status: response.status, type, body: type.includes('json') ? JSON.parse(text) : text };
}
