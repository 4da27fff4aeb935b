/**
 * One run of a story on real parts. Network, controller, agents and VMs are made anew for every run, so that both
 * runs start from the same point: the VMs' workload counts from their start, and the first migration is asked for
 * exactly `warmupSec` later.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { bitsPerSec } from '@sluice/units';
import type { Lab, Network } from '../lab/index.ts';
import { poll } from '../lab/poll.ts';
import { migrationIdOf } from '../simulator/core-request.ts';
import type { Story, StoryFlow } from '../story/index.ts';
import {
  type Endpoint,
  type Flow,
  monotonicMs,
  type Prober,
  startEchoProber,
  startGuestClient,
  startTcpFlow,
  startUdpFlow,
} from '../traffic/index.ts';
import { agentConfigOf, controllerConfigOf, networkSpecOf, type Surroundings } from './configs.ts';
import {
  type ControllerClient,
  createControllerClient,
  type MigrationView,
  RequestRefused,
} from './controller-client.ts';
import { type LoggingProcess, startConfigured } from './processes.ts';
import { describe } from './progress.ts';
import type { RunName, RunResult } from './result.ts';
import { sourceOf } from './simulated-run.ts';
import { type ObservedMigration, summarise } from './summarise.ts';
import { baselineWindow } from './timing.ts';

export interface RealRunOptions {
  readonly run: RunName;
  readonly note: (atSec: number, text: string) => void;
  /** Aborting it ends the run with the signal's reason; the caller closes the lab. */
  readonly signal: AbortSignal;
}

export interface RealRun {
  readonly result: RunResult;
  readonly controllerUrl: string;
  /** Ends what this run started, in order; the lab stays open. */
  close(): Promise<void>;
}

/** VMs are running and the controller has heard of them by then, or the run has failed. */
const VMS_KNOWN_TIMEOUT_MS = 10_000;
const STATE_POLL_MS = 100;
/** Time for the last samples and echoes to be told. */
const LAST_SAMPLES_MS = 250;

export async function runOnRealParts(lab: Lab, story: Story, options: RealRunOptions): Promise<RealRun> {
  const began = monotonicMs();
  const note = (text: string) => options.note((monotonicMs() - began) / 1000, text);
  const closers: (() => Promise<void>)[] = [];
  const close = async () => {
    for (let closer = closers.pop(); closer; closer = closers.pop()) await closer();
  };
  const { signal } = options;
  try {
    const around: Surroundings = {
      prefix: lab.prefix,
      stateDir: `${lab.dir}/${options.run.charAt(0)}`,
      redisPrefix: `sluice-${options.run}`,
      redisSocket: lab.redis.socketPath,
      ovsdb: lab.switchd.target,
      controllerIp: lab.controllerIp,
    };
    const { network, client } = await startNetwork(lab, story, around, options, closers, note);
    signal.throwIfAborted();
    const hostFlows = await startFlows(lab, story, network, closers, (flow) => flow.kind !== 'guest');
    signal.throwIfAborted();
    await startAgents(lab, story, network, around, closers);
    const vmsStarted = monotonicMs();
    note(`agents and ${story.vms.length === 1 ? 'VM' : `${story.vms.length} VMs`} run`);
    signal.throwIfAborted();
    const guestFlows = await startFlows(lab, story, network, closers, (flow) => flow.kind === 'guest');
    const prober = await startProber(lab, story, network, closers);
    await poll('all VMs known to the controller', VMS_KNOWN_TIMEOUT_MS, async () => {
      signal.throwIfAborted();
      const known = await client.vmNames();
      return story.vms.every((vm) => known.includes(vm.name)) ? true : null;
    });
    const zero = vmsStarted + story.warmupSec * 1000;
    const problems: string[] = [];
    if (monotonicMs() > zero)
      problems.push('the warm-up was over before everything ran; give the story a longer warmupSec');
    note('applications run; warming up');
    const migrations = await migrateAll(story, client, options, zero, note);
    await delay(story.cooldownSec * 1000 + LAST_SAMPLES_MS, undefined, { signal });
    const flows = [...hostFlows, ...guestFlows];
    for (const flow of flows) if (flow.problem) problems.push(`flow ${flow.name}: ${flow.problem}`);
    const result = summarise({
      mode: 'real',
      story,
      before: baselineWindow(story, zero),
      migrations,
      flows: new Map(flows.map((flow) => [flow.name, flow.samples])),
      echoes: prober?.echoes ?? null,
      silences: [],
      problems,
    });
    return { result, controllerUrl: client.url, close };
  } catch (cause) {
    await close().catch(() => undefined);
    throw cause;
  }
}

type Closers = (() => Promise<void>)[];

async function startNetwork(
  lab: Lab,
  story: Story,
  around: Surroundings,
  { run, signal }: RealRunOptions,
  closers: Closers,
  note: (text: string) => void,
): Promise<{ network: Network; client: ControllerClient }> {
  const controller = await startConfigured(lab, {
    name: `controller-${run}`,
    program: 'controller',
    config: controllerConfigOf(story, around),
  });
  closers.push(() => controller.stop());
  const { httpUrl, openflowHost, openflowPort } = await controller.heard('controller_listening');
  signal.throwIfAborted();
  const network = await lab.buildNetwork(networkSpecOf(story), {
    ip: String(openflowHost),
    port: Number(openflowPort),
  });
  // The controller goes first at the end: it takes its queues and flows out of switches that are still there.
  closers.unshift(() => network.close());
  await network.provisionPorts(run === 'unmanaged' ? 'unmanaged' : 'managed');
  note(`${story.network.switches.length} switches, ${story.network.hosts.length} hosts built`);
  await controller.heard('controller_ready');
  note(`controller ready at ${String(httpUrl)}`);
  return { network, client: createControllerClient(String(httpUrl)) };
}

async function startAgents(
  lab: Lab,
  story: Story,
  network: Network,
  around: Surroundings,
  closers: Closers,
): Promise<void> {
  const hypervisors = [...network.hosts.values()].filter((host) => host.kind === 'hypervisor');
  const started: LoggingProcess[] = await Promise.all(
    hypervisors.map(async (host) => {
      const agent = await startConfigured(lab, {
        name: `agent-${host.name}`,
        program: 'agents',
        namespace: host.namespace,
        config: agentConfigOf(
          story,
          { name: host.name, namespace: host.namespace, device: host.device, bridge: host.bridge ?? 'br0' },
          around,
        ),
      });
      closers.push(() => agent.stop());
      return agent;
    }),
  );
  await Promise.all(started.map((agent) => agent.heard('agent_ready')));
}

async function startFlows(
  lab: Lab,
  story: Story,
  network: Network,
  closers: Closers,
  choose: (flow: StoryFlow) => boolean,
): Promise<Flow[]> {
  const flows = await Promise.all(
    story.flows.filter(choose).map((flow) => startFlow(lab, story, network, flow)),
  );
  for (const flow of flows) closers.push(() => flow.stop());
  return flows;
}

function startFlow(lab: Lab, story: Story, network: Network, flow: StoryFlow): Promise<Flow> {
  const end = (name: string): Endpoint => {
    const { namespace, ip } = network.host(name);
    return { namespace, ip: ip.split('/')[0] ?? ip };
  };
  const rate = flow.rateBitsPerSec === null ? null : bitsPerSec(flow.rateBitsPerSec);
  switch (flow.kind) {
    case 'guest': {
      const vm = vmOf(story, flow.vm);
      return startGuestClient(lab, {
        name: flow.name,
        namespace: network.host(flow.client).namespace,
        ip: vm.ip,
        port: vm.service.port,
        rate,
        direction: flow.direction,
      });
    }
    case 'udp':
      return startUdpFlow(lab, {
        name: flow.name,
        from: end(flow.from),
        to: end(flow.to),
        rate: bitsPerSec(flow.rateBitsPerSec),
      });
    case 'tcp':
      return startTcpFlow(lab, { name: flow.name, from: end(flow.from), to: end(flow.to), rate });
  }
}

async function startProber(
  lab: Lab,
  story: Story,
  network: Network,
  closers: Closers,
): Promise<Prober | null> {
  if (!story.prober) return null;
  const vm = vmOf(story, story.prober.vm);
  const prober = await startEchoProber(lab, {
    name: 'prober',
    namespace: network.host(story.prober.client).namespace,
    ip: vm.ip,
    port: vm.service.port,
    periodMs: story.prober.periodSec * 1000,
  });
  closers.push(() => prober.stop());
  return prober;
}

/** Asks for every migration at its time and follows them to their ends. */
async function migrateAll(
  story: Story,
  client: ControllerClient,
  { run, signal }: RealRunOptions,
  zero: number,
  note: (text: string) => void,
): Promise<ObservedMigration[]> {
  const following = new AbortController();
  const told = client
    .follow(
      (event) => {
        const text = describe(event);
        if (text !== null) note(text);
      },
      AbortSignal.any([signal, following.signal]),
    )
    .catch(() => undefined);
  try {
    return await Promise.all(
      story.migrations.map(async (migration, index) => {
        await delay(Math.max(0, zero + migration.atSec * 1000 - monotonicMs()), undefined, { signal });
        const policy = run === 'unmanaged' ? ('unmanaged' as const) : migration.policy;
        return migrateOne(story, index, policy, client, zero, signal);
      }),
    );
  } finally {
    following.abort();
    await told;
  }
}

async function migrateOne(
  story: Story,
  index: number,
  policy: Story['migrations'][number]['policy'],
  client: ControllerClient,
  zero: number,
  signal: AbortSignal,
): Promise<ObservedMigration> {
  const migration = story.migrations[index];
  if (!migration) throw new RangeError(`the story has no migration ${index}`);
  const id = migrationIdOf(migration, index);
  const common = {
    id,
    vm: migration.vm,
    source: sourceOf(story, index),
    destination: migration.destination,
    policy,
    downtimeLimitSec: migration.downtimeLimitSec,
    deadlineSec: migration.deadlineSec,
  };
  const nothing = {
    totalTimeSec: null,
    downtimeSec: null,
    transferredBytes: 0,
    energyJoule: 0,
    deadlineMet: null,
    downtimeLimitMet: null,
    checkedPages: null,
    imageIntact: false,
    rounds: [],
  };
  const fromMs = monotonicMs();
  try {
    await client.migrate(id, migration, policy);
  } catch (cause) {
    if (!(cause instanceof RequestRefused)) throw cause;
    const reason = `${cause.code}: ${cause.message}`;
    return { ...common, ...nothing, outcome: 'refused', reason, window: null };
  }
  const ended = await untilEnded(client, id, zero + story.timeoutSec * 1000, signal);
  const toMs = monotonicMs();
  if (!ended?.receipt)
    return {
      ...common,
      ...nothing,
      outcome: 'failed',
      reason: `it had not ended after ${story.timeoutSec} s`,
      window: { fromMs, toMs },
    };
  const { receipt } = ended;
  return {
    ...common,
    source: ended.source,
    outcome: receipt.outcome,
    reason: ended.reasonDetail ?? receipt.reason,
    totalTimeSec: receipt.totalTimeSec,
    downtimeSec: receipt.downtimeSec,
    transferredBytes: receipt.transferredBytes,
    energyJoule: receipt.energyJoule,
    deadlineMet: receipt.deadlineMet,
    downtimeLimitMet: receipt.downtimeLimitMet,
    checkedPages: receipt.checkedPages,
    // The destination compares every page before it lets the VM run; a mismatch fails the migration.
    imageIntact: receipt.outcome === 'completed' && receipt.checkedPages !== null,
    rounds: receipt.rounds.map((round) => ({ migrationId: id, ...round })),
    window: { fromMs, toMs },
  };
}

/** null when it has not ended by the deadline; then it is left to the controller's shutdown, which aborts it. */
async function untilEnded(
  client: ControllerClient,
  id: string,
  deadlineMs: number,
  signal: AbortSignal,
): Promise<MigrationView | null> {
  while (monotonicMs() < deadlineMs) {
    const view = await client.migration(id);
    if (view.receipt) return view;
    await delay(STATE_POLL_MS, undefined, { signal });
  }
  return null;
}

function vmOf(story: Story, name: string): Story['vms'][number] {
  const vm = story.vms.find((one) => one.name === name);
  if (!vm) throw new RangeError(`the story has no VM ${name}`);
  return vm;
}
