/** The agents of a stage, one process per hypervisor; each can be killed and started again. */
import { destroyVms } from '@sluice/agents';
import { agentGuests } from '../guests/index.ts';
import type { Lab, LabHost, Network, ProcessEnd } from '../lab/index.ts';
import { agentConfigOf, type Surroundings } from '../run/configs.ts';
import { type LoggingProcess, startConfigured } from '../run/processes.ts';
import type { Story } from '../story/index.ts';

/** Emulated: processes of the agent with a memory image. qemu: machines of their own, which the agent finds. */
export type GuestKind = 'emulated' | 'qemu';

export interface StageAgent {
  readonly host: string;
  /** Of the process that runs now, or ran last. */
  readonly pid: number;
  readonly running: boolean;
  /** SIGKILL by pid; its VMs go on. Resolves when the process is gone. */
  kill(): Promise<ProcessEnd>;
  /** A new process with the same configuration and state directory, which finds the VMs that run. */
  restart(): Promise<void>;
  /** SIGTERM: it cancels its migrations and ends its VMs; those of a killed agent are ended without it. */
  stop(): Promise<void>;
}

export async function startAgents(
  lab: Lab,
  story: Story,
  network: Network,
  around: Surroundings,
  guests: GuestKind = 'emulated',
): Promise<ReadonlyMap<string, StageAgent>> {
  const hypervisors = [...network.hosts.values()].filter((host) => host.kind === 'hypervisor');
  const begun = await Promise.allSettled(
    hypervisors.map((host) => startStageAgent(lab, story, host, around, guests)),
  );
  const agents = begun.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const failed = begun.find((one) => one.status === 'rejected');
  if (failed) {
    await Promise.all(agents.map((agent) => agent.stop()));
    throw failed.reason;
  }
  return new Map(agents.map((agent) => [agent.host, agent]));
}

async function startStageAgent(
  lab: Lab,
  story: Story,
  host: LabHost,
  around: Surroundings,
  guests: GuestKind,
): Promise<StageAgent> {
  const { name, namespace, device } = host;
  const emulating = agentConfigOf(story, { name, namespace, device, bridge: host.bridge ?? 'br0' }, around);
  const config =
    guests === 'qemu' ? { ...emulating, vms: [], hypervisor: agentGuests(lab.prefix, name) } : emulating;
  const start = async (): Promise<LoggingProcess> => {
    const agent = await startConfigured(lab, { name: `agent-${name}`, program: 'agents', namespace, config });
    await agent.heard('agent_ready');
    return agent;
  };
  let current = await start();
  return {
    host: name,
    get pid() {
      return current.process.pid;
    },
    get running() {
      return current.process.running;
    },
    kill() {
      process.kill(current.process.pid, 'SIGKILL');
      return current.process.exited;
    },
    async restart() {
      current = await start();
    },
    async stop() {
      if (current.process.running) await current.stop();
      else await destroyVms(config.stateDir);
    },
  };
}
