/**
 * Controller roles, OpenFlow 1.3.0 §6.3.4 and §A.3.9: at most one master, and a request for master or slave with
 * a generation older than the newest one is refused.
 */
import type { Message } from '../codec.ts';
import { OpenflowError } from '../errors.ts';
import { OFPCR_ROLE, OFPET, OFPRRFC } from '../generated/of13/constants.ts';
import type { Version } from '../versions.ts';
import type { MessageOf } from './types.ts';

/** Said when no generation was ever given. */
const GENERATION_NONE = 0xffffffffffffffffn;

export class Roles<C> {
  private readonly byConnection = new Map<C, number>();
  private generation: bigint | undefined;

  add(connection: C): void {
    this.byConnection.set(connection, OFPCR_ROLE.EQUAL);
  }

  remove(connection: C): void {
    this.byConnection.delete(connection);
  }

  of(connection: C): number {
    return this.byConnection.get(connection) ?? OFPCR_ROLE.EQUAL;
  }

  /** The reply to a role request; throws OpenflowError when it is refused. */
  change(connection: C, request: MessageOf<Version, 'role_request'>): MessageOf<Version, 'role_reply'> {
    const { role, generationId } = request;
    if (role > OFPCR_ROLE.SLAVE) throw new OpenflowError(OFPET.ROLE_REQUEST_FAILED, OFPRRFC.BAD_ROLE);
    if (role === OFPCR_ROLE.MASTER || role === OFPCR_ROLE.SLAVE) this.advance(generationId);
    if (role !== OFPCR_ROLE.NOCHANGE) this.set(connection, role);
    const said = { role: this.of(connection), generationId: this.generation ?? GENERATION_NONE };
    return 'shortId' in request
      ? { type: 'role_reply', shortId: request.shortId, ...said }
      : { type: 'role_reply', ...said };
  }

  /** Without a generation, as Nicira's extension asks. Returns the role. */
  set(connection: C, role: number): number {
    if (role > OFPCR_ROLE.SLAVE) throw new OpenflowError(OFPET.ROLE_REQUEST_FAILED, OFPRRFC.BAD_ROLE);
    if (role === OFPCR_ROLE.MASTER) this.demoteMaster();
    this.byConnection.set(connection, role);
    return role;
  }

  /** The comparison is circular: the difference counts as a signed 64-bit number. */
  private advance(generationId: bigint): void {
    if (this.generation !== undefined && BigInt.asIntN(64, generationId - this.generation) < 0n) {
      throw new OpenflowError(OFPET.ROLE_REQUEST_FAILED, OFPRRFC.STALE);
    }
    this.generation = generationId;
  }

  private demoteMaster(): void {
    for (const [other, role] of this.byConnection) {
      if (role === OFPCR_ROLE.MASTER) this.byConnection.set(other, OFPCR_ROLE.SLAVE);
    }
  }
}

const MODIFYING: ReadonlySet<Message<Version>['type']> = new Set<Message<Version>['type']>([
  'packet_out',
  'flow_mod',
  'group_mod',
  'port_mod',
  'table_mod',
  'meter_mod',
  'nx_flow_mod',
  'nx_group_mod',
  'bundle_control',
  'bundle_add_message',
  'onf_bundle_control',
  'onf_bundle_add_message',
]);

/** Messages that a slave may not send. */
export const isModifying = (message: Message<Version>): boolean => MODIFYING.has(message.type);
