/** Constants of every version under their names in the specification. The generator copies them. */
import { only, VERSIONS, type Version, wireVersion } from '../../versions.ts';
import { controllerGroups } from './controllers.ts';
import { flowGroups } from './flows.ts';
import type { ConstantGroup } from './group.ts';
import { groupAndMeterGroups } from './groups-and-meters.ts';
import { niciraGroups } from './nicira.ts';
import { portGroups } from './ports.ts';

export type { ConstantGroup } from './group.ts';

export const constantGroups: readonly ConstantGroup[] = [
  ...portGroups,
  ...flowGroups,
  ...groupAndMeterGroups,
  ...controllerGroups,
  ...niciraGroups,
];

export interface SingleConstant {
  readonly versions: readonly Version[];
  readonly name: string;
  readonly doc: string;
  readonly value: number;
}

export const singleConstants: readonly SingleConstant[] = [
  ...VERSIONS.map((version) => ({
    versions: only(version),
    name: `OFP_VERSION_${version.replace('.', '_')}`,
    doc: `Wire version of OpenFlow ${version}.`,
    value: wireVersion(version),
  })),
  {
    versions: VERSIONS,
    name: 'OFP_NO_BUFFER',
    doc: 'The whole packet is in the message.',
    value: 0xffffffff,
  },
  {
    versions: only('1.0'),
    name: 'OFP_VLAN_NONE',
    doc: 'In the structures of 1.0: no VLAN tag.',
    value: 0xffff,
  },
];
