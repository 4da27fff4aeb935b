import { rest, type UnionMember, u32, union } from '../dsl.ts';
import { only } from '../versions.ts';

/**
 * Properties of OFPT_SET_ASYNC and OFPT_GET_ASYNC_REPLY (ofp_async_config_prop_header): for each kind of message a
 * mask of the reasons for which it comes, even codes for a slave, odd ones for a master or equal. Nicira brings
 * them to versions before 1.4.
 */
const masks = (
  name: string,
  code: number,
  what: string,
  reasons: string,
  versions?: UnionMember['versions'],
): readonly UnionMember[] =>
  (['slave', 'master'] as const).map((role, odd) => ({
    type: `${name}_${role}`,
    code: code + odd,
    ...(versions === undefined ? {} : { versions }),
    doc: `${what} as ${role === 'slave' ? 'slave' : 'master or equal'}.`,
    fields: [u32('mask', `bits 1 << ${reasons}`)],
  }));

const foreign = (role: 'slave' | 'master', code: number): UnionMember => ({
  type: `experimenter_${role}`,
  code,
  doc: 'A property of somebody else, kept as bytes.',
  fields: [u32('experimenter'), u32('expType'), rest('data')],
});

export const asyncProperties = union({
  name: 'async_property',
  section: '7.3.10',
  doc: 'Which asynchronous messages of one kind come.',
  align: 8,
  lengthIncludesPadding: false,
  minimum: 4,
  badLength: [14, 1],
  members: [
    ...masks('packet_in', 0, 'Packet-ins', 'OFPR_*'),
    ...masks('port_status', 2, 'Changes of ports', 'OFPPR_*'),
    ...masks('flow_removed', 4, 'Removed entries', 'OFPRR_*'),
    ...masks('role_status', 6, 'Changes of role', 'OFPCRR_*'),
    ...masks('table_status', 8, 'Vacancy of tables', 'OFPTR_*'),
    ...masks('requestforward', 10, 'Forwarded requests', 'OFPRFR_*'),
    ...masks('flow_stats', 12, 'Triggered counters', 'OFPFSR_*', only('1.5')),
    ...masks('controller_status', 14, 'Status of controllers', 'OFPCSR_*', only('1.5')),
    foreign('slave', 0xfffe),
    foreign('master', 0xffff),
  ],
});
