/** Counters and times of entries. */
import type { Stats } from '../../runtime/stats.ts';
import { bytesText } from '../words/numbers.ts';

const NSEC_PER_MSEC = 1_000_000;

/** `12.034s`, `3s`: whole milliseconds as three digits, finer times without the zeros behind. */
export function durationText(sec: number, nsec: number): string {
  if (nsec === 0) return `${sec}s`;
  const digits = String(nsec).padStart(9, '0');
  const fraction = nsec % NSEC_PER_MSEC === 0 ? digits.slice(0, 3) : digits.replace(/0+$/, '');
  return `${sec}.${fraction}s`;
}

/** The counters of 1.5, those that are there. */
export function statsText(stats: Stats): readonly string[] {
  const { duration, idle_time: idle, flow_count: flows, packet_count: packets, byte_count: bytes } = stats;
  return [
    ...(duration === undefined ? [] : [`duration=${durationText(duration.sec, duration.nsec)}`]),
    ...(idle === undefined ? [] : [`idle_time=${durationText(idle.sec, idle.nsec)}`]),
    ...(flows === undefined ? [] : [`flow_count=${flows}`]),
    ...(packets === undefined ? [] : [`n_packets=${packets}`]),
    ...(bytes === undefined ? [] : [`n_bytes=${bytes}`]),
    ...Object.entries(stats)
      .filter(([key]) => key.startsWith('0x'))
      .map(([key, value]) => `${key}=0x${bytesText(value as Uint8Array)}`),
  ];
}
