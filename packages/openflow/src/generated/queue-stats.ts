// Generated from schema/ by `npm run generate -w @oflib/openflow`. Do not edit.
import { exactly, u32, u64 } from '../runtime/bounds.ts';
import type { Buildable } from '../runtime/buildable.ts';
import { ELEMENT, type ElementKind } from '../runtime/list.ts';
import type { Writer } from '../runtime/writer.ts';

/** Counters of one queue (ofp_queue_stats); all ones means not counted. OpenFlow 1.3.0 §A.3.5.8. */
export interface QueueStats {
  readonly portNo: number;
  readonly queueId: number;
  readonly txBytes: bigint;
  readonly txPackets: bigint;
  /** dropped by overrun */
  readonly txErrors: bigint;
  readonly durationSec: number;
  readonly durationNsec: number;
}

/** A QueueStats with the usual values where `fields` says nothing. */
export const queueStats = (fields: Buildable<QueueStats, 'txBytes' | 'txPackets' | 'txErrors' | 'durationSec' | 'durationNsec'>): QueueStats => ({
  txBytes: 0n,
  txPackets: 0n,
  txErrors: 0n,
  durationSec: 0,
  durationNsec: 0,
  ...fields,
});

export function decodeQueueStats(view: DataView, off: number, end: number): QueueStats {
  exactly(off, end, 40, ELEMENT);
  const portNo = view.getUint32(off);
  const queueId = view.getUint32(off + 4);
  const txBytes = view.getBigUint64(off + 8);
  const txPackets = view.getBigUint64(off + 16);
  const txErrors = view.getBigUint64(off + 24);
  const durationSec = view.getUint32(off + 32);
  const durationNsec = view.getUint32(off + 36);
  return { portNo, queueId, txBytes, txPackets, txErrors, durationSec, durationNsec };
}

export function encodeQueueStats(writer: Writer, value: QueueStats): void {
  const at = writer.claim(40);
  const view = writer.view;
  view.setUint32(at, u32(value.portNo, 'portNo'));
  view.setUint32(at + 4, u32(value.queueId, 'queueId'));
  view.setBigUint64(at + 8, u64(value.txBytes, 'txBytes'));
  view.setBigUint64(at + 16, u64(value.txPackets, 'txPackets'));
  view.setBigUint64(at + 24, u64(value.txErrors, 'txErrors'));
  view.setUint32(at + 32, u32(value.durationSec, 'durationSec'));
  view.setUint32(at + 36, u32(value.durationNsec, 'durationNsec'));
}

export const queueStatsKind: ElementKind<QueueStats> = {
  lengthAt: -1,
  minimum: 40,
  align: 1,
  lengthIncludesPadding: true,
  badLength: [1, 6],
  decode: decodeQueueStats,
  encode: encodeQueueStats,
};
