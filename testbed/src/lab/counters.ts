/** What really passed: counters of the kernel's classes and devices behind the ports of a lab. */
import { z } from 'zod';
import { run } from './command.ts';

export interface QueueCounters {
  /** Layer-2 bytes that left through the queue. */
  readonly bytes: number;
  readonly packets: number;
  readonly drops: number;
}

/** A port's device, where it is. */
export interface CountedDevice {
  readonly namespace: string;
  readonly device: string;
}

/** Per queue number of a port; empty when the port has no queues. */
export async function queueCounters({
  namespace,
  device,
}: CountedDevice): Promise<ReadonlyMap<number, QueueCounters>> {
  return parseClassStatistics(await run('tc', ['-n', namespace, '-s', 'class', 'show', 'dev', device]));
}

/** The root class 1:fffe is no queue; queue N is class 1:(N+1), in hex. This tc prints classes as text only. */
export function parseClassStatistics(text: string): ReadonlyMap<number, QueueCounters> {
  const pattern = /class htb 1:([0-9a-f]+) parent .*\n\s*Sent (\d+) bytes (\d+) pkt \(dropped (\d+)/g;
  const queues = new Map<number, QueueCounters>();
  for (const [, minor = '', bytes, packets, drops] of text.matchAll(pattern))
    queues.set(Number.parseInt(minor, 16) - 1, {
      bytes: Number(bytes),
      packets: Number(packets),
      drops: Number(drops),
    });
  return queues;
}

export interface PortCounters {
  /** Out of the switch. */
  readonly txBytes: number;
  readonly txPackets: number;
  readonly txDropped: number;
  /** Into the switch. */
  readonly rxBytes: number;
  readonly rxPackets: number;
}

const countersSchema = z.object({ bytes: z.number(), packets: z.number(), dropped: z.number() });
const linkSchema = z
  .array(z.object({ stats64: z.object({ rx: countersSchema, tx: countersSchema }) }))
  .length(1);

/** Layer-2 counters of a port, checksums of the frames not counted. */
export async function portCounters({ namespace, device }: CountedDevice): Promise<PortCounters> {
  const text = await run('ip', ['-n', namespace, '-json', '-s', 'link', 'show', 'dev', device]);
  const [link] = linkSchema.parse(JSON.parse(text));
  if (link === undefined) throw new Error(`ip shows no device ${device}`);
  const { rx, tx } = link.stats64;
  return {
    txBytes: tx.bytes,
    txPackets: tx.packets,
    txDropped: tx.dropped,
    rxBytes: rx.bytes,
    rxPackets: rx.packets,
  };
}
