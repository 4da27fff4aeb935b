/** A channel without Redis: keeps what was sent, tells what the test says. */
import type { AgentCommand, AgentReport } from '@sluice/agents/contract';
import type { HostId } from '@sluice/topology';
import type { Heard } from '../../core/index.ts';
import type { AgentChannel } from '../interfaces.ts';

export interface SentCommand {
  readonly hostId: HostId;
  readonly command: AgentCommand;
}

export interface FakeAgentChannel extends AgentChannel {
  readonly sent: readonly SentCommand[];
  /** As if the host's agent had reported it. Before `start` it is lost, as in a stream read from its tail. */
  report(hostId: HostId, report: AgentReport): void;
  /** The next `send` rejects with this. */
  failNextSend(error: Error): void;
  /** Called after every command that was taken: a place to answer with reports. */
  onSend(handler: (sent: SentCommand) => void): void;
}

export function createFakeAgentChannel(): FakeAgentChannel {
  const sent: SentCommand[] = [];
  const failures: Error[] = [];
  let emit: (heard: Heard) => void = () => {};
  let handle: (sent: SentCommand) => void = () => {};
  return {
    sent,
    report: (hostId, report) => emit({ kind: 'agent_reported', hostId, report }),
    failNextSend: (error) => {
      failures.push(error);
    },
    onSend: (handler) => {
      handle = handler;
    },
    start: async (listener) => {
      emit = listener;
    },
    send: async (hostId, command) => {
      const failure = failures.shift();
      if (failure) throw failure;
      const entry = { hostId, command };
      sent.push(entry);
      handle(entry);
    },
    close: async () => {
      emit = () => {};
    },
  };
}
