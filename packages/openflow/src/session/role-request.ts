/** The request for a role as each version says it. */
import type { Message } from '../codec.ts';
import { OFPCR_ROLE } from '../generated/of13/constants.ts';
import type { Version } from '../versions.ts';
import type { MessageOf } from './types.ts';

/** What answers a request for a role. */
export type RoleReplyOf<V extends Version> = V extends '1.0' | '1.1'
  ? MessageOf<V, 'nx_role_reply'>
  : MessageOf<V, 'role_reply'>;

export type Role = 'nochange' | 'equal' | 'master' | 'slave';

const ROLES = {
  nochange: OFPCR_ROLE.NOCHANGE,
  equal: OFPCR_ROLE.EQUAL,
  master: OFPCR_ROLE.MASTER,
  slave: OFPCR_ROLE.SLAVE,
} as const;
/** Nicira's numbers, for versions whose specification knows no roles. */
const NX_ROLES = { equal: 0, master: 1, slave: 2 } as const;

export function roleRequestFor(version: Version, role: Role, generationId: bigint): Message<Version> {
  if (version === '1.0' || version === '1.1') {
    if (role === 'nochange')
      throw new Error(`OpenFlow ${version} cannot ask for its role without changing it`);
    return { type: 'nx_role_request', role: NX_ROLES[role] };
  }
  if (version === '1.5')
    return { type: 'role_request', role: ROLES[role], shortId: SHORT_ID_NONE, generationId };
  return { type: 'role_request', role: ROLES[role], generationId };
}

/** The controller gives itself no short number. */
const SHORT_ID_NONE = 0xffff;
