/** Roles of controllers and what they are told of. */
import { type BitNames, bitsText, hex } from '../words/numbers.ts';
import { nxRoleText, roleReasonText, roleText } from '../words/roles.ts';
import type { Of } from './types.ts';

const NO_GENERATION = 0xffff_ffff_ffff_ffffn;
const NO_CHANGE = 0;

export function roleMessageText(message: Of<'role_request' | 'role_reply'>): string {
  const { role, generationId } = message;
  const isTold =
    message.type === 'role_reply'
      ? generationId !== NO_GENERATION
      : role !== NO_CHANGE && generationId !== NO_GENERATION;
  const id =
    'shortId' in message && message.shortId !== 0xffff && message.shortId !== 0
      ? ` short_id=${message.shortId}`
      : '';
  return `role=${roleText(role)}${id}${isTold ? ` generation_id=${generationId}` : ''}`;
}

export const nxRoleMessageText = ({ role }: Of<'nx_role_request' | 'nx_role_reply'>): string =>
  `role=${nxRoleText(role)}`;

export function roleStatusText({
  role,
  generationId,
  reason,
}: Of<'role_status' | 'onf_role_status'>): string {
  const generation = generationId === NO_GENERATION ? '' : ` generation_id=${generationId}`;
  return `role=${roleText(role)}${generation} reason=${roleReasonText(reason)}`;
}

/** Kinds of messages in the order in which they are listed, with the reasons that may be asked for. */
const KINDS: readonly (readonly [kind: string, names: BitNames])[] = [
  [
    'packet_in',
    [
      [1, 'no_match'],
      [2, 'action'],
      [4, 'invalid_ttl'],
      [8, 'action_set'],
      [16, 'group'],
      [32, 'packet_out'],
    ],
  ],
  [
    'port_status',
    [
      [1, 'add'],
      [2, 'delete'],
      [4, 'modify'],
    ],
  ],
  [
    'flow_removed',
    [
      [1, 'idle'],
      [2, 'hard'],
      [4, 'delete'],
      [8, 'group_delete'],
      [16, 'meter_delete'],
      [32, 'eviction'],
    ],
  ],
  [
    'role_status',
    [
      [1, 'primary_request'],
      [2, 'configuration_changed'],
      [4, 'experimenter_data_changed'],
    ],
  ],
  [
    'table_status',
    [
      [8, 'vacancy_down'],
      [16, 'vacancy_up'],
    ],
  ],
  [
    'requestforward',
    [
      [1, 'group_mod_request'],
      [2, 'meter_mod_request'],
    ],
  ],
];

type Async = Of<'set_async' | 'get_async_reply' | 'nx_set_async_config' | 'nx_set_async_config2'>;

export function asyncText(message: Async): string {
  return ['primary', 'secondary'].map((who) => roleLines(message, who === 'secondary')).join('\n');
}

function roleLines(message: Async, isSecondary: boolean): string {
  const lines = KINDS.map(([kind, names]) => {
    const bits = maskOf(message, kind, isSecondary);
    return `${kind.toUpperCase().padStart(16)}: ${bitsText(bits, names, ' ', '(off)')}\n`;
  });
  return `\n ${isSecondary ? 'secondary' : 'primary'}:\n${lines.join('')}`;
}

function maskOf(message: Async, kind: string, isSecondary: boolean): number {
  if ('properties' in message) {
    const type = `${kind}_${isSecondary ? 'slave' : 'master'}`;
    const found = message.properties.find((property) => property.type === type);
    return found !== undefined && 'mask' in found ? found.mask : 0;
  }
  switch (kind) {
    case 'packet_in':
      return isSecondary ? message.packetInMaskSlave : message.packetInMask;
    case 'port_status':
      return isSecondary ? message.portStatusMaskSlave : message.portStatusMask;
    case 'flow_removed':
      return isSecondary ? message.flowRemovedMaskSlave : message.flowRemovedMask;
    default:
      return 0;
  }
}

type Status = Of<'controller_status'>['status'];
const STATUS_REASONS: readonly string[] = [
  'request',
  'channel_status',
  'role',
  'controller_added',
  'controller_removed',
  'short_id',
  'experimenter',
];

export function controllerStatusText({ shortId, role, reason, channelStatus, properties }: Status): string {
  const uris = properties.flatMap((property) => (property.type === 'uri' ? [` uri=${property.uri}`] : []));
  return `short_id=${shortId} role=${roleText(role)} reason=${STATUS_REASONS[reason] ?? hex(reason)} status=${channelStatus === 0 ? 'up' : 'down'}${uris.join('')}`;
}
