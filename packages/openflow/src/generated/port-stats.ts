// Generated from schema/ by `npm run generate -w @oflib/openflow`. Do not edit.
import { exactly, u32, u64 } from '../runtime/bounds.ts';
import type { Buildable } from '../runtime/buildable.ts';
import { ELEMENT, type ElementKind } from '../runtime/list.ts';
import type { Writer } from '../runtime/writer.ts';

/** Counters of one port (ofp_port_stats); all ones means not counted. OpenFlow 1.3.0 §A.3.5.6. */
export interface PortStats {
  readonly portNo: number;
  readonly rxPackets: bigint;
  readonly txPackets: bigint;
  readonly rxBytes: bigint;
  readonly txBytes: bigint;
  readonly rxDropped: bigint;
  readonly txDropped: bigint;
  readonly rxErrors: bigint;
  readonly txErrors: bigint;
  readonly rxFrameErr: bigint;
  readonly rxOverErr: bigint;
  readonly rxCrcErr: bigint;
  readonly collisions: bigint;
  readonly durationSec: number;
  readonly durationNsec: number;
}

/** A PortStats with the usual values where `fields` says nothing. */
export const portStats = (fields: Buildable<PortStats, 'rxPackets' | 'txPackets' | 'rxBytes' | 'txBytes' | 'rxDropped' | 'txDropped' | 'rxErrors' | 'txErrors' | 'rxFrameErr' | 'rxOverErr' | 'rxCrcErr' | 'collisions' | 'durationSec' | 'durationNsec'>): PortStats => ({
  rxPackets: 0n,
  txPackets: 0n,
  rxBytes: 0n,
  txBytes: 0n,
  rxDropped: 0n,
  txDropped: 0n,
  rxErrors: 0n,
  txErrors: 0n,
  rxFrameErr: 0n,
  rxOverErr: 0n,
  rxCrcErr: 0n,
  collisions: 0n,
  durationSec: 0,
  durationNsec: 0,
  ...fields,
});

export function decodePortStats(view: DataView, off: number, end: number): PortStats {
  exactly(off, end, 112, ELEMENT);
  const portNo = view.getUint32(off);
  const rxPackets = view.getBigUint64(off + 8);
  const txPackets = view.getBigUint64(off + 16);
  const rxBytes = view.getBigUint64(off + 24);
  const txBytes = view.getBigUint64(off + 32);
  const rxDropped = view.getBigUint64(off + 40);
  const txDropped = view.getBigUint64(off + 48);
  const rxErrors = view.getBigUint64(off + 56);
  const txErrors = view.getBigUint64(off + 64);
  const rxFrameErr = view.getBigUint64(off + 72);
  const rxOverErr = view.getBigUint64(off + 80);
  const rxCrcErr = view.getBigUint64(off + 88);
  const collisions = view.getBigUint64(off + 96);
  const durationSec = view.getUint32(off + 104);
  const durationNsec = view.getUint32(off + 108);
  return { portNo, rxPackets, txPackets, rxBytes, txBytes, rxDropped, txDropped, rxErrors, txErrors, rxFrameErr, rxOverErr, rxCrcErr, collisions, durationSec, durationNsec };
}

export function encodePortStats(writer: Writer, value: PortStats): void {
  const at = writer.claim(112);
  const view = writer.view;
  view.setUint32(at, u32(value.portNo, 'portNo'));
  view.setUint32(at + 4, 0);
  view.setBigUint64(at + 8, u64(value.rxPackets, 'rxPackets'));
  view.setBigUint64(at + 16, u64(value.txPackets, 'txPackets'));
  view.setBigUint64(at + 24, u64(value.rxBytes, 'rxBytes'));
  view.setBigUint64(at + 32, u64(value.txBytes, 'txBytes'));
  view.setBigUint64(at + 40, u64(value.rxDropped, 'rxDropped'));
  view.setBigUint64(at + 48, u64(value.txDropped, 'txDropped'));
  view.setBigUint64(at + 56, u64(value.rxErrors, 'rxErrors'));
  view.setBigUint64(at + 64, u64(value.txErrors, 'txErrors'));
  view.setBigUint64(at + 72, u64(value.rxFrameErr, 'rxFrameErr'));
  view.setBigUint64(at + 80, u64(value.rxOverErr, 'rxOverErr'));
  view.setBigUint64(at + 88, u64(value.rxCrcErr, 'rxCrcErr'));
  view.setBigUint64(at + 96, u64(value.collisions, 'collisions'));
  view.setUint32(at + 104, u32(value.durationSec, 'durationSec'));
  view.setUint32(at + 108, u32(value.durationNsec, 'durationNsec'));
}

export const portStatsKind: ElementKind<PortStats> = {
  lengthAt: -1,
  minimum: 112,
  align: 1,
  lengthIncludesPadding: true,
  badLength: [1, 6],
  decode: decodePortStats,
  encode: encodePortStats,
};
