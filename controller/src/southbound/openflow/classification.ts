/**
 * How marked packets reach queue 1 of a port: by set_queue, as on a kernel datapath, or by their DSCP and a filter
 * on the port, as on the userspace datapath, where set_queue has no effect. It is proved once per port, by frames
 * of our own and the queue's counter, and never assumed.
 */
import { action, OFPP, packetOut, queueStatsRequest } from '@oflib/openflow';
import type { Dpid, SwitchPort } from '@sluice/topology';
import { type Clock, wait } from '../clock.ts';
import { NetworkFailure } from '../interfaces.ts';
import type { NetworkLimits } from '../limits.ts';
import { MIGRATION_QUEUE, type PortKey, portKey } from '../ovsdb/ports.ts';
import { RESERVED_DSCP } from './flows.ts';
import type { ManagedSwitch } from './managed-switch.ts';
import { encodeClassificationFrame } from './probe-frame.ts';

export type Classification = 'set_queue' | 'dscp' | 'none';

/**
 * The two frames differ in length, so that one reading of the byte counter tells which of them it counted. The one
 * with set_queue is sent first and is the longer one: a growth of less than its length is the other frame alone.
 */
export const SET_QUEUE_FRAME_BYTES = 400;
export const DSCP_FRAME_BYTES = 100;

export interface ProverOptions {
  readonly switchOf: (dpid: Dpid) => ManagedSwitch;
  readonly limits: NetworkLimits;
  readonly clock: Clock;
}

export class ClassificationProver {
  readonly #options: ProverOptions;
  readonly #found = new Map<PortKey, Classification>();

  constructor(options: ProverOptions) {
    this.#options = options;
  }

  of(port: SwitchPort): Classification | null {
    return this.#found.get(portKey(port)) ?? null;
  }

  /** What was proved may be lost, as by a restart of the switch. Ports in use keep their proof: their counter moves. */
  forget(dpid: Dpid, inUse: (key: PortKey) => boolean): void {
    for (const key of [...this.#found.keys()])
      if (key.startsWith(`${dpid}:`) && !inUse(key)) this.#found.delete(key);
  }

  /**
   * Proves every port not proved yet; their queue 1 exists and nobody uses it.
   * @throws NetworkFailure classification_ineffective, and what asking the switch may throw.
   */
  async prove(ports: readonly SwitchPort[]): Promise<void> {
    const unproved = ports.filter((port) => {
      const found = this.of(port);
      return found === null || found === 'none';
    });
    const outcomes = await Promise.allSettled(
      unproved.map(async (port) => {
        const found = await this.#probe(port);
        this.#found.set(portKey(port), found);
        if (found === 'none')
          throw new NetworkFailure(
            'classification_ineffective',
            `marked packets do not reach queue ${MIGRATION_QUEUE} of port ${port.portNo} on ${this.#options.switchOf(port.dpid).name}, neither by set_queue nor by DSCP ${RESERVED_DSCP}`,
          );
      }),
    );
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  }

  async #probe(port: SwitchPort): Promise<Classification> {
    const { limits, clock, switchOf } = this.#options;
    const target = switchOf(port.dpid);
    for (let attempt = 1; attempt <= limits.probeTries; attempt++) {
      const before = await this.#bytes(port);
      target.send(probeOut(port, 'set_queue'));
      target.send(probeOut(port, 'dscp'));
      // The kernel counts a frame when the queue lets it go, which on a busy port takes a moment.
      const end = clock.now() + limits.probeDeadlineMs;
      do {
        const found = classify((await this.#bytes(port)) - before);
        if (found) return found;
        await wait(clock, limits.probePollMs);
      } while (clock.now() < end);
    }
    return 'none';
  }

  async #bytes(port: SwitchPort): Promise<bigint> {
    const request = queueStatsRequest({ portNo: port.portNo, queueId: MIGRATION_QUEUE });
    const { queues } = await this.#options.switchOf(port.dpid).request(request);
    const own = queues.find((queue) => queue.portNo === port.portNo && queue.queueId === MIGRATION_QUEUE);
    if (!own) throw new NetworkFailure('rejected', `port ${port.portNo} counts nothing for its queue`);
    return own.txBytes;
  }
}

/** null: nothing has come yet. */
export function classify(grown: bigint): 'set_queue' | 'dscp' | null {
  if (grown >= BigInt(SET_QUEUE_FRAME_BYTES)) return 'set_queue';
  return grown >= BigInt(DSCP_FRAME_BYTES) ? 'dscp' : null;
}

function probeOut(port: SwitchPort, method: 'set_queue' | 'dscp') {
  const isMarked = method === 'dscp';
  return packetOut({
    inPort: OFPP.CONTROLLER,
    actions: [
      ...(isMarked ? [] : [action.setQueue(MIGRATION_QUEUE)]),
      action.output({ port: port.portNo, maxLen: 0 }),
    ],
    data: encodeClassificationFrame({
      dscp: isMarked ? RESERVED_DSCP : 0,
      length: isMarked ? DSCP_FRAME_BYTES : SET_QUEUE_FRAME_BYTES,
    }),
  });
}
