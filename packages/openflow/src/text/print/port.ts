/** Ports: what they are, their counters, changes. ovs-ofctl(8), `show`, `dump-ports`, `mod-port`. */
import type { Version } from '../../versions.ts';
import { type BitNames, bitsText, bytesText, hex } from '../words/numbers.ts';
import { isAnyPort, portText } from '../words/ports.ts';
import { durationText } from './stats.ts';
import type { Of } from './types.ts';

type Port = Of<'port_status'>['port'];

const CONFIG: BitNames = [
  [1, 'PORT_DOWN'],
  [2, 'NO_STP'],
  [4, 'NO_RECV'],
  [8, 'NO_RECV_STP'],
  [16, 'NO_FLOOD'],
  [32, 'NO_FWD'],
  [64, 'NO_PACKET_IN'],
];
/** What 1.0 alone can set has no name later. */
const CONFIG_11: BitNames = CONFIG.filter(([bit]) => (bit & 0b11010) === 0);
/** From 1.1 on. */
const STATE: BitNames = [
  [1, 'LINK_DOWN'],
  [2, 'BLOCKED'],
  [4, 'LIVE'],
];
const STATE_10: BitNames = [[1, 'LINK_DOWN']];
const STP_10: readonly string[] = ['', 'STP_LEARN', 'STP_FORWARD', 'STP_BLOCK'];
const FEATURES: BitNames = [
  [1, '10MB-HD'],
  [2, '10MB-FD'],
  [4, '100MB-HD'],
  [8, '100MB-FD'],
  [0x10, '1GB-HD'],
  [0x20, '1GB-FD'],
  [0x40, '10GB-FD'],
  [0x80, '40GB-FD'],
  [0x100, '100GB-FD'],
  [0x200, '1TB-FD'],
  [0x400, 'OTHER'],
  [0x800, 'COPPER'],
  [0x1000, 'FIBER'],
  [0x2000, 'AUTO_NEG'],
  [0x4000, 'AUTO_PAUSE'],
  [0x8000, 'AUTO_PAUSE_ASYM'],
];
/** 1.0 has no faster ports than 10 Gb/s, and other numbers behind. */
const FEATURES_10: BitNames = [
  ...FEATURES.slice(0, 7),
  [0x80, 'COPPER'],
  [0x100, 'FIBER'],
  [0x200, 'AUTO_NEG'],
  [0x400, 'AUTO_PAUSE'],
  [0x800, 'AUTO_PAUSE_ASYM'],
];

/** The fastest speed that a set of features has, in kb/s. */
const SPEEDS: readonly (readonly [bits: number, kilobits: number])[] = [
  [0x200, 1_000_000_000],
  [0x100, 100_000_000],
  [0x80, 40_000_000],
  [0x40, 10_000_000],
  [0x30, 1_000_000],
  [0x0c, 100_000],
  [0x03, 10_000],
];

const speedOf = (features: number, version: Version): number =>
  SPEEDS.find(([bits]) => (features & bits & (version === '1.0' ? 0x7f : ~0)) !== 0)?.[1] ?? 0;

const featuresText = (features: number, version: Version): string =>
  bitsText(features, version === '1.0' ? FEATURES_10 : FEATURES);

const configText = (config: number, version: Version): string =>
  bitsText(config, version === '1.0' ? CONFIG : CONFIG_11);

interface PortWords {
  readonly curr: number;
  readonly advertised: number;
  readonly supported: number;
  readonly peer: number;
  /** kb/s */
  readonly now: number;
  readonly max: number;
}

type Speeds = Extract<Port, { readonly curr: number }> | EthernetProperty;
type EthernetProperty = Extract<
  Extract<Port, { readonly properties: unknown }>['properties'][number],
  { readonly type: 'ethernet' }
>;

function speedsOf(port: Port): Speeds | undefined {
  if (!('properties' in port)) return port;
  for (const property of port.properties) if (property.type === 'ethernet') return property;
  return undefined;
}

function wordsOf(port: Port, version: Version): PortWords {
  const words = speedsOf(port);
  if (words === undefined) return { curr: 0, advertised: 0, supported: 0, peer: 0, now: 0, max: 0 };
  const speeds =
    'currSpeed' in words
      ? { now: words.currSpeed, max: words.maxSpeed }
      : { now: speedOf(words.curr, version), max: speedOf(words.supported, version) };
  const { curr, advertised, supported, peer } = words;
  return { curr, advertised, supported, peer, ...speeds };
}

const MBPS = 1000;

/** Without the line break before. */
export function portDescription(port: Port, version: Version): string {
  const words = wordsOf(port, version);
  const features = (name: string, bits: number): readonly string[] =>
    bits === 0 ? [] : [`     ${name.padEnd(12)}${featuresText(bits, version)}`];
  return [
    `${portText(port.portNo)}(${port.name}): addr:${port.hwAddr}`,
    `     config:     ${configText(port.config, version)}`,
    `     state:      ${stateText(port.state, version)}`,
    ...features('current:', words.curr),
    ...features('advertised:', words.advertised),
    ...features('supported:', words.supported),
    ...features('peer:', words.peer),
    `     speed: ${Math.floor(words.now / MBPS)} Mbps now, ${Math.floor(words.max / MBPS)} Mbps max`,
  ].join('\n');
}

function stateText(state: number, version: Version): string {
  if (version !== '1.0') return bitsText(state, STATE);
  const stp = STP_10[(state >>> 8) & 3] ?? '';
  const rest = state & ~0x300;
  return stp === '' ? bitsText(rest, STATE_10) : `${stp}${bitsText(rest, STATE_10, ' ', '')}`;
}

const byNumber = (a: { readonly portNo: number }, b: { readonly portNo: number }): number =>
  a.portNo - b.portNo;

/** Each on lines of its own, by number. */
export const portsText = (ports: readonly Port[], version: Version): string =>
  [...ports]
    .sort(byNumber)
    .map((port) => `\n ${portDescription(port, version)}`)
    .join('');

const REASONS: readonly string[] = ['ADD', 'DEL', 'MOD'];

export const portStatusText = ({ reason, port }: Of<'port_status'>, version: Version): string =>
  `${REASONS[reason] ?? `reason:${reason}`}: ${portDescription(port, version)}`;

export function portModText(message: Of<'port_mod'>, version: Version): string {
  const advertise =
    'advertise' in message
      ? message.advertise
      : message.properties.reduce((bits, one) => (one.type === 'ethernet' ? one.advertise : bits), 0);
  return [
    `port: ${portText(message.portNo)}: addr:${message.hwAddr}`,
    `     config: ${configText(message.config & message.mask, version)}`,
    `     mask:   ${configText(message.mask, version)}`,
    `     advertise: ${advertise === 0 ? 'UNCHANGED' : featuresText(advertise, version)}`,
  ].join('\n');
}

type PortStats = Of<'port_stats_reply'>['ports'][number];

const UNKNOWN_64 = 0xffff_ffff_ffff_ffffn;
/** Counters that a port does not keep are all ones. */
export const counterText = (value: bigint | undefined): string =>
  value === undefined || value === UNKNOWN_64 ? '?' : String(value);

export function portStatsText({ ports }: Of<'port_stats_reply'>): string {
  return `${ports.length} ports${ports.map((port) => `\n${onePortText(port)}`).join('')}`;
}

function onePortText(port: PortStats): string {
  const ethernet = 'properties' in port ? port.properties.find((one) => one.type === 'ethernet') : port;
  const indent = ' '.repeat(11);
  return [
    `  port ${portText(port.portNo).padStart(2)}: rx pkts=${counterText(port.rxPackets)}, bytes=${counterText(port.rxBytes)}, drop=${counterText(port.rxDropped)}, errs=${counterText(port.rxErrors)}, frame=${counterText(ethernet?.rxFrameErr)}, over=${counterText(ethernet?.rxOverErr)}, crc=${counterText(ethernet?.rxCrcErr)}`,
    `${indent}tx pkts=${counterText(port.txPackets)}, bytes=${counterText(port.txBytes)}, drop=${counterText(port.txDropped)}, errs=${counterText(port.txErrors)}, coll=${counterText(ethernet?.collisions)}`,
    ...('durationSec' in port && port.durationSec !== 0xffff_ffff
      ? [`${indent}duration=${durationText(port.durationSec, port.durationNsec)}`]
      : []),
    ...('properties' in port ? port.properties.flatMap((one) => furtherCounters(one, indent)) : []),
  ].join('\n');
}

type StatsProperty = Extract<PortStats, { readonly properties: unknown }>['properties'][number];
const COUNTERS_A_LINE = 3;

function furtherCounters(property: StatsProperty, indent: string): readonly string[] {
  const listed = (title: string, counters: readonly string[]): readonly string[] => {
    if (counters.length === 0) return [];
    const lines: string[] = [`${indent}${title}`];
    for (let at = 0; at < counters.length; at += COUNTERS_A_LINE) {
      lines.push(`${indent.repeat(2)}${counters.slice(at, at + COUNTERS_A_LINE).join(', ')},`);
    }
    return lines;
  };
  switch (property.type) {
    case 'intel_custom':
      return listed(
        'CUSTOM Statistics',
        property.counters.map(({ name, value }) => `${name}=${value}`),
      );
    case 'intel_rfc2819':
      return listed('rfc2819', countersOf(property));
    case 'optical':
      return listed('optical', countersOf(property));
    case 'experimenter':
      return [
        `${indent}experimenter ${hex(property.experimenter)}:${property.expType}=0x${bytesText(property.data)}`,
      ];
    case 'unknown':
      return [`${indent}property ${property.code}=0x${bytesText(property.data)}`];
    case 'ethernet':
      return [];
  }
}

/** Counters that are not kept are left out. */
const countersOf = (property: object): readonly string[] =>
  Object.entries(property)
    .filter(([key, value]) => key !== 'type' && value !== UNKNOWN_64)
    .map(
      ([key, value]) => `${key.replace(/([A-Z]|\d+)/g, (part: string) => `_${part.toLowerCase()}`)}=${value}`,
    );

export const portRequestText = (request: Of<'port_stats_request'>): string =>
  `port_no=${portText(request.portNo)}`;

/** Before 1.5 the request is for all ports. */
export const portDescRequestText = (request: Of<'port_desc_request'>): string =>
  `port=${'portNo' in request && !isAnyPort(request.portNo) ? portText(request.portNo) : 'ANY'}`;
