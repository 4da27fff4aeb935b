/** Queue 1 of every port in the network, over all OVSDB servers. */
import type { QueueTarget } from '../../core/index.ts';
import type { Clock } from '../clock.ts';
import { NetworkFailure } from '../interfaces.ts';
import type { NetworkLimits } from '../limits.ts';
import { messageOf, type TakeNote } from '../note.ts';
import { type PortKey, portKey } from './ports.ts';
import { QueueServer } from './server.ts';

export interface QueueControl {
  /** Connects and removes what earlier epochs left. Never rejects: servers that are away are noted and tried again. */
  start(): Promise<void>;
  /**
   * Makes queue 1 of the ports carry these totals; resolves when ovs-vswitchd has them in force. On one server it
   * is one transaction; over several, what is lowered comes before what is raised. A total is remembered also when
   * it cannot be applied now: after a failure the caller says what it wants instead.
   * @throws NetworkFailure port_unknown, qos_missing, ovsdb_unavailable, ovsdb_rejected, timed_out
   */
  apply(targets: readonly QueueTarget[]): Promise<void>;
  close(): void;
}

export interface QueueControlOptions {
  readonly endpoints: readonly string[];
  readonly epoch: number;
  readonly limits: NetworkLimits;
  readonly clock: Clock;
  readonly note: TakeNote;
}

export function createQueueControl(options: QueueControlOptions): QueueControl {
  const servers = options.endpoints.map((endpoint) => new QueueServer({ ...options, endpoint }));
  const closed = { value: false };

  const begin = async (server: QueueServer): Promise<void> => {
    try {
      await server.start(options.limits.startDeadlineMs / 2);
    } catch (error) {
      if (closed.value) return;
      const detail = { endpoint: server.endpoint, reason: messageOf(error) };
      options.note({ level: 'warn', event: 'ovsdb_unavailable', detail });
      options.clock.after(options.limits.reconcileRetryMs, () => void begin(server));
    }
  };

  return {
    start: async () => {
      await Promise.all(servers.map(begin));
    },
    apply: async (targets) => {
      const shares = divide(servers, targets);
      if (shares.length <= 1) {
        await Promise.all(shares.map(([server, rates]) => server.apply(rates, 'any')));
        return;
      }
      await Promise.all(shares.map(([server, rates]) => server.apply(rates, 'lower')));
      await Promise.all(shares.map(([server, rates]) => server.apply(rates, 'raise')));
    },
    close: () => {
      closed.value = true;
      for (const server of servers) server.close();
    },
  };
}

type Share = readonly [QueueServer, ReadonlyMap<PortKey, number>];

/** Who has which port. A port that no server has ever shown has no queue 1, so there is nothing to remove from it. */
function divide(servers: readonly QueueServer[], targets: readonly QueueTarget[]): readonly Share[] {
  const known = servers.map((server) => [server, server.ports()] as const);
  const shares = new Map<QueueServer, Map<PortKey, number>>();
  for (const { port, rate } of targets) {
    const key = portKey(port);
    // A restarted server shows no port numbers until ovs-vswitchd has written them again.
    const owner =
      known.find(([, ports]) => ports.has(key))?.[0] ?? servers.find((server) => server.hasWish(key));
    if (!owner) {
      if (rate === 0) continue;
      throw new NetworkFailure('port_unknown', `no OVSDB server has a port ${port.portNo} on ${port.dpid}`);
    }
    const share = shares.get(owner) ?? new Map<PortKey, number>();
    // Reservations round up, so that a queue never carries less than the ledger holds.
    share.set(key, Math.ceil(rate));
    shares.set(owner, share);
  }
  return [...shares];
}
