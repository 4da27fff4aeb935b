/** Meters. ovs-ofctl(8), "Meter Syntax". */
import { type BitNames, bitsText, bytesText, hex } from '../words/numbers.ts';
import { durationText } from './stats.ts';
import type { Of } from './types.ts';

const COMMANDS: readonly string[] = ['ADD', 'MOD', 'DEL'];
const FLAGS: BitNames = [
  [1, 'kbps'],
  [2, 'pktps'],
  [4, 'burst'],
  [8, 'stats'],
];
const METERS: ReadonlyMap<number, string> = new Map([
  [0xffff_fffd, 'slowpath'],
  [0xffff_fffe, 'controller'],
  [0xffff_ffff, 'all'],
]);
const BURST = 4;
const DELETE = 2;

export const meterText = (meter: number): string => METERS.get(meter) ?? String(meter);

type Band = Of<'meter_mod'>['bands'][number];

interface Meter {
  readonly meterId: number;
  readonly flags: number;
  readonly bands: readonly Band[];
}

export function meterModText(message: Of<'meter_mod'>): string {
  const { command, meterId } = message;
  // What is deleted needs no description.
  if (command === DELETE) return `DEL meter=${meterText(meterId)} bands=`;
  return `${COMMANDS[command] ?? `cmd:${command}`} ${meterConfigText(message)}`;
}

function meterConfigText({ meterId, flags, bands }: Meter): string {
  const names = flags === 0 ? '' : `${bitsText(flags, FLAGS)} `;
  const lines = bands.map((band) => `\n${formatBand(band, (flags & BURST) !== 0)}`);
  return `meter=${meterText(meterId)} ${names}bands=${lines.join('')}`;
}

export const meterConfigsText = (reply: Of<'meter_config_reply'>): string =>
  reply.meters.map((meter) => `\n${meterConfigText(meter)}\n`).join('');

/** 'type=drop rate=1000 burst_size=100'. */
export function formatBand(band: Band, hasBurst = true): string {
  switch (band.type) {
    case 'drop':
      return `type=drop${rateText(band, hasBurst)}`;
    case 'dscp_remark':
      return `type=dscp_remark${rateText(band, hasBurst)} prec_level=${band.precLevel}`;
    case 'experimenter':
      return `type=experimenter(${hex(band.experimenter)},${bytesText(band.data)})${rateText(band, hasBurst)}`;
    case 'unknown':
      return `type=${band.code} data=0x${bytesText(band.data)}`;
  }
}

const rateText = (band: { readonly rate: number; readonly burstSize: number }, hasBurst: boolean): string =>
  ` rate=${band.rate}${hasBurst ? ` burst_size=${band.burstSize}` : ''}`;

export function meterStatsText(reply: Of<'meter_stats_reply'>): string {
  return reply.meters
    .map((meter) => {
      const bands = meter.bands.map(
        (band, i) => `\n${i}: packet_count:${band.packetBandCount} byte_count:${band.byteBandCount}`,
      );
      return `\nmeter:${meterText(meter.meterId)} flow_count:${meter.flowCount} packet_in_count:${meter.packetInCount} byte_in_count:${meter.byteInCount} duration:${durationText(meter.durationSec, meter.durationNsec)} bands:${bands.join('')}\n`;
    })
    .join('');
}

const BAND_TYPES: BitNames = [
  [2, 'drop'],
  [4, 'dscp_remark'],
];

export function meterFeaturesText(reply: Of<'meter_features_reply'>): string {
  return [
    '',
    `max_meter:${reply.maxMeter} max_bands:${reply.maxBands} max_color:${reply.maxColor}`,
    `band_types: ${bitsText(reply.bandTypes, BAND_TYPES)}`,
    `capabilities: ${bitsText(reply.capabilities, FLAGS)}`,
  ].join('\n');
}
