/** Names of reserved ports and groups. OpenFlow 1.0 has ports of 16 bits, later versions of 32. */

/** The lowest bits tell them apart; above stand ones. */
const NAMES: ReadonlyMap<number, string> = new Map([
  [0xfff7, 'UNSET'],
  [0xfff8, 'IN_PORT'],
  [0xfff9, 'TABLE'],
  [0xfffa, 'NORMAL'],
  [0xfffb, 'FLOOD'],
  [0xfffc, 'ALL'],
  [0xfffd, 'CONTROLLER'],
  [0xfffe, 'LOCAL'],
  [0xffff, 'ANY'],
]);
const HIGH = 0xffff_0000;

/** The name of a reserved port, of 16 bits or of 32; undefined for any other. */
export function reservedPort(port: number): string | undefined {
  return port > 0xffff && port < HIGH ? undefined : NAMES.get(port % 0x1_0000);
}

/** Numbers from here on are reserved; Open vSwitch writes them as 16 bits in every version. */
const RESERVED = 0xffff_ff00;

/** A port number, or the name of a reserved port. */
export const portText = (port: number): string =>
  reservedPort(port) ?? String(port >= RESERVED ? port - HIGH : port);

/** Is it the port that stands for no port (OFPP_ANY, OFPP_NONE)? */
export const isAnyPort = (port: number): boolean => port === 0xffff || port === 0xffff_ffff;

const GROUP_ALL = 0xffff_fffc;
const GROUP_ANY = 0xffff_ffff;

export function groupText(group: number): string {
  if (group === GROUP_ALL) return 'ALL';
  return group === GROUP_ANY ? 'ANY' : String(group);
}
