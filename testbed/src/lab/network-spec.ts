/** The network a lab builds: switches, hosts and links with fixed port numbers. Checked as a whole before anything is made. */
import type { BitsPerSec } from '@sluice/units';
import { LabFailure } from './lab-failure.ts';

export interface SwitchSpec {
  readonly name: string;
  /** 16 hex digits. */
  readonly dpid: string;
}

export interface HostSpec {
  readonly name: string;
  /** A hypervisor has a bridge `br0` for its VMs; a client has only its NIC. */
  readonly kind: 'hypervisor' | 'client';
  /** With prefix length: "10.0.1.1/16". */
  readonly ip: string;
  readonly mac: string;
  readonly switch: string;
  /** OpenFlow port number at the switch. */
  readonly port: number;
  /** Rate of the NIC, both directions. */
  readonly capacity: BitsPerSec;
  /** What applications keep on the link from the switch to the host. */
  readonly floor: BitsPerSec;
}

export interface LinkSpec {
  readonly a: { readonly switch: string; readonly port: number };
  readonly b: { readonly switch: string; readonly port: number };
  readonly capacity: BitsPerSec;
  readonly floor: BitsPerSec;
}

export interface NetworkSpec {
  readonly switches: readonly SwitchSpec[];
  readonly hosts: readonly HostSpec[];
  readonly links: readonly LinkSpec[];
}

/** Names of devices hold a switch index and a port number in 15 characters with the run's prefix. */
export const SWITCHES_MAX = 99;
export const PORT_MAX = 9_999;
const HOST_NAME_PATTERN = /^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,39}$/;

/** Throws LabFailure `bad_spec` with every problem found. */
export function checkSpec(spec: NetworkSpec): void {
  const problems = [...nameProblems(spec), ...portProblems(spec), ...rateProblems(spec)];
  if (problems.length > 0) throw new LabFailure({ code: 'bad_spec', problems });
}

function nameProblems(spec: NetworkSpec): readonly string[] {
  return [
    ...duplicates(
      'switch',
      spec.switches.map((one) => one.name),
    ),
    ...duplicates(
      'dpid',
      spec.switches.map((one) => one.dpid),
    ),
    ...duplicates(
      'host',
      spec.hosts.map((one) => one.name),
    ),
    ...duplicates(
      'MAC',
      spec.hosts.map((one) => one.mac.toLowerCase()),
    ),
    ...duplicates(
      'IP',
      spec.hosts.map((one) => one.ip.split('/')[0] ?? ''),
    ),
    ...spec.hosts
      .filter((host) => !HOST_NAME_PATTERN.test(host.name))
      .map(
        (host) => `host name ${JSON.stringify(host.name)} is not 1 to 40 letters, digits, "_", "." or "-"`,
      ),
    ...spec.hosts
      .filter((host) => !host.ip.includes('/'))
      .map((host) => `${host.name}: ${host.ip} has no prefix length`),
    ...(spec.switches.length > SWITCHES_MAX ? [`more than ${SWITCHES_MAX} switches`] : []),
  ];
}

function portProblems(spec: NetworkSpec): readonly string[] {
  const known = new Set(spec.switches.map((one) => one.name));
  const ends = [...spec.hosts, ...spec.links.flatMap((link) => [link.a, link.b])];
  return [
    ...ends.filter((end) => !known.has(end.switch)).map((end) => `unknown switch ${end.switch}`),
    ...ends
      .filter((end) => !Number.isInteger(end.port) || end.port < 1 || end.port > PORT_MAX)
      .map((end) => `port ${end.port} of ${end.switch} is not 1 to ${PORT_MAX}`),
    ...duplicates(
      'port',
      ends.map((end) => `${end.switch}:${end.port}`),
    ),
  ];
}

function rateProblems(spec: NetworkSpec): readonly string[] {
  const all = [
    ...spec.hosts.map((host) => ({ name: host.name, capacity: host.capacity, floor: host.floor })),
    ...spec.links.map(({ a, b, capacity, floor }) => ({ name: `${a.switch}-${b.switch}`, capacity, floor })),
  ];
  return all
    .filter(({ capacity, floor }) => capacity <= 0 || floor > capacity)
    .map(({ name, capacity, floor }) => `${name}: floor ${floor} of capacity ${capacity} bit/s`);
}

function duplicates(what: string, values: readonly string[]): readonly string[] {
  const repeated = values.filter((value, index) => values.indexOf(value) !== index);
  return [...new Set(repeated)].map((value) => `${what} ${value} is there twice`);
}
