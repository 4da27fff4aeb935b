import type { AgentCommand } from '@sluice/agents/contract';
import type { HostId, LinkId } from '@sluice/topology';
import { bitsPerSec } from '@sluice/units';
import { describe, expect, it } from 'vitest';
import type { Heard, MigrationId, Reservation, ReservationId } from './core/index.ts';
import { EffectRunner } from './effect-runner.ts';
import {
  AgentChannelFailure,
  createFakeAgentChannel,
  createFakeNetwork,
  NetworkFailure,
} from './southbound/index.ts';

const reservation = (id: number): Reservation => ({
  id: id as ReservationId,
  migrationId: `m${id}` as MigrationId,
  path: ['h1>s1:1' as LinkId],
  reversePath: ['s1:1>h1' as LinkId],
  rate: bitsPerSec(1e6),
  reverseRate: bitsPerSec(3e4),
  match: { sourceIp: '10.0.0.1', destinationIp: '10.0.0.2', destinationPort: 4000 },
});
const cancel = (migrationId: string): AgentCommand => ({
  kind: 'cancel_migration',
  migrationId,
  reason: 'user',
});

function setup(agents = createFakeAgentChannel()) {
  const network = createFakeNetwork();
  const heard: Heard[] = [];
  const runner = new EffectRunner({ network, agents, hear: (input) => heard.push(input), note: () => {} });
  const calls = () =>
    network.calls.map((call) => ('reservation' in call ? `${call.kind} ${call.reservation.id}` : call.kind));
  return { network, agents, heard, runner, calls };
}

describe('effects on the network', () => {
  it('are handed over in their order, each after the readings of its own reservation', async () => {
    const { network, heard, runner, calls } = setup();
    const release = network.hold();
    runner.run({ kind: 'read_counters', reservation: reservation(1) });
    runner.run({ kind: 'remove_reservation', reservation: reservation(1), queues: [] });
    runner.run({ kind: 'install_reservation', reservation: reservation(2), queues: [] });
    await expect.poll(calls).toEqual(['read_counters 1']);
    release();
    await runner.idle();
    expect(calls()).toEqual(['read_counters 1', 'remove 1', 'install 2']);
    expect(heard.map(({ kind }) => kind)).toEqual(['counters_read', 'network_done', 'network_done']);
  });

  it('that fail come back as inputs with the code, and a removal always ends', async () => {
    const { network, heard, runner } = setup();
    network.failAt(1, new NetworkFailure('timed_out', 's1 did not answer'));
    runner.run({ kind: 'install_reservation', reservation: reservation(1), queues: [] });
    runner.run({ kind: 'remove_reservation', reservation: reservation(1), queues: [] });
    await runner.idle();
    expect(heard).toContainEqual({
      kind: 'network_failed',
      reservationId: 1,
      operation: 'install',
      code: 'timed_out',
      detail: 's1 did not answer',
    });
    expect(heard).toContainEqual({ kind: 'network_done', reservationId: 1, operation: 'remove' });
  });

  it('answer a reading that failed with nulls', async () => {
    const { network, heard, runner } = setup();
    network.failAt(1, new NetworkFailure('switch_unavailable', 's1'));
    runner.run({ kind: 'read_counters', reservation: reservation(1) });
    await runner.idle();
    expect(heard).toEqual([{ kind: 'counters_read', reservationId: 1, queueBytes: null, meterBytes: null }]);
  });
});

describe('commands', () => {
  it('keep their order per host over an outage of the channel', async () => {
    const { agents, runner } = setup();
    agents.failNextSend(new AgentChannelFailure('redis_unavailable', 'gone'));
    for (const id of ['a', 'b'])
      runner.run({ kind: 'send_command', hostId: 'h1' as HostId, command: cancel(id) });
    runner.run({ kind: 'send_command', hostId: 'h2' as HostId, command: cancel('c') });
    await runner.idle();
    const sentTo = (host: string) =>
      agents.sent.filter(({ hostId }) => hostId === host).map(({ command }) => command.migrationId);
    expect(sentTo('h1')).toEqual(['a', 'b']);
    expect(sentTo('h2')).toEqual(['c']);
  });

  it('sends a command again under the same id: the attempt that seemed lost may have arrived', async () => {
    const ids: string[] = [];
    const agents = createFakeAgentChannel();
    const send: typeof agents.send = async (hostId, command, commandId) => {
      ids.push(commandId);
      if (ids.length === 1) throw new AgentChannelFailure('redis_unavailable', 'no answer in time');
      return agents.send(hostId, command, commandId);
    };
    const { runner } = setup({ ...agents, send });
    runner.run({ kind: 'send_command', hostId: 'h1' as HostId, command: cancel('a') });
    runner.run({ kind: 'send_command', hostId: 'h1' as HostId, command: cancel('b') });
    await runner.idle();
    expect(ids).toHaveLength(3);
    expect(ids[1]).toBe(ids[0]);
    expect(ids[2]).not.toBe(ids[0]);
  });
});
