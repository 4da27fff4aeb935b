/** What really passed: counters of the kernel's classes and devices behind the ports of a lab. */
import { readFileSync } from 'node:fs';
import { run } from './command.ts';

export interface QueueCounters {
  /** Layer-2 bytes that left through the queue. */
  readonly bytes: number;
  readonly packets: number;
  readonly drops: number;
}

/** Per queue number of a port's device in the root namespace; empty when the port has no queues. */
export async function queueCounters(device: string): Promise<ReadonlyMap<number, QueueCounters>> {
  return parseClassStatistics(await run('tc', ['-s', 'class', 'show', 'dev', device]));
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

/** Layer-2 counters of a port's device in the root namespace, checksums of the frames not counted. */
export function portCounters(device: string): PortCounters {
  const read = (name: string) => Number(readFileSync(`/sys/class/net/${device}/statistics/${name}`, 'utf8'));
  return {
    txBytes: read('tx_bytes'),
    txPackets: read('tx_packets'),
    txDropped: read('tx_dropped'),
    rxBytes: read('rx_bytes'),
    rxPackets: read('rx_packets'),
  };
}
