/**
 * One switch of the inventory, connected or not. It keeps what the switch should hold, in parts that change
 * independently, and makes the switch hold it: at once when connected, otherwise as soon as it connects. No message
 * that changes anything leaves before the switch has made us its master for our epoch.
 */
import {
  BatchError,
  descRequest,
  flowStatsRequest,
  type Message,
  meterConfigRequest,
  meterFeaturesRequest,
  OFPPC,
  OFPPS,
  type Port,
  portDescRequest,
  type ReplyTo,
  RequestError,
  type Switch,
} from '@oflib/openflow';
import type { Dpid } from '@sluice/topology';
import { NetworkFailure } from '../interfaces.ts';
import type { NetworkLimits } from '../limits.ts';
import { COOKIE_TAG_BITS, COOKIE_TAG_MASK } from './cookies.ts';
import { inOrder, messageFor } from './effect-order.ts';
import { failureFrom } from './failure.ts';
import type { MeterRange } from './meters.ts';
import {
  afterChanges,
  type Contents,
  changesBetween,
  NOTHING,
  readContents,
  union,
} from './switch-contents.ts';

export interface ManagedSwitchOptions {
  readonly dpid: Dpid;
  readonly name: string;
  readonly epoch: number;
  readonly meterRange: MeterRange;
  readonly limits: NetworkLimits;
}

interface Session {
  readonly sw: Switch;
  /** What the switch holds of each part, as far as barriers have confirmed it. */
  readonly held: Map<string, Contents>;
  ready: boolean;
}

export interface AttachedPort {
  readonly portNo: number;
  readonly isUp: boolean;
}

export class ManagedSwitch {
  readonly dpid: Dpid;
  readonly name: string;
  readonly #options: ManagedSwitchOptions;
  readonly #wanted = new Map<string, Contents>();
  #session: Session | null = null;
  #turn: Promise<unknown> = Promise.resolve();
  #description: string | null = null;
  #metersMax = 0;
  /** Counts the changes of the wish. */
  #wishes = 0;

  constructor(options: ManagedSwitchOptions) {
    this.dpid = options.dpid;
    this.name = options.name;
    this.#options = options;
  }

  /** Connected, our epoch is its master, and it holds what it should. */
  get isReady(): boolean {
    return this.#session?.ready === true && this.#session.sw.isOpen;
  }

  get connection(): Switch | null {
    return this.#session?.sw ?? null;
  }

  get description(): string | null {
    return this.#description;
  }

  /** Known once it has connected. */
  get hasMeters(): boolean {
    return this.#metersMax > 0;
  }

  /**
   * A connection of this switch: becomes its master, reads what it holds of ours, makes it equal to the wish.
   * Resolves with its ports. @throws NetworkFailure; the connection is of no use then.
   */
  async attach(sw: Switch): Promise<readonly AttachedPort[]> {
    const session: Session = { sw, held: new Map(), ready: false };
    this.#session = session;
    try {
      const timeout = this.#timeout;
      // A new connection may write before it has any role; a deposed controller could undo its successor's work.
      await sw.setRole('master', BigInt(this.#options.epoch), timeout);
      const [description, features, ports] = await Promise.all([
        sw.request(descRequest(), timeout),
        this.#metersOf(sw),
        sw.request(portDescRequest(), timeout),
      ]);
      this.#description = [description.manufacturer, description.hardware, description.software]
        .join(' ')
        .trim();
      this.#metersMax = features;
      await this.#inTurn(() => this.#adopt(session));
      return ports.ports.map((port) => ({ portNo: port.portNo, isUp: isPortUp(port) }));
    } catch (error) {
      this.detach(sw);
      throw failureFrom(error, this.name);
    }
  }

  /** The connection is gone, or must not be used any more. */
  detach(sw: Switch): void {
    if (this.#session?.sw === sw) this.#session = null;
  }

  /**
   * Remembers what the part should be and, when connected, resolves when the switch holds it. While it is away or
   * still being read, resolves at once: it will be made so before the switch is ready.
   * @throws NetworkFailure rejected, timed_out, switch_unavailable; the wish stands until it is changed.
   */
  want(part: string, contents: Contents): Promise<void> {
    this.#wishes += 1;
    if (contents.entries.size === 0 && contents.meters.size === 0) this.#wanted.delete(part);
    else this.#wanted.set(part, contents);
    const session = this.#session;
    if (!session?.ready) return Promise.resolve();
    return this.#inTurn(() => this.#converge(session, part));
  }

  wanted(part: string): Contents {
    return this.#wanted.get(part) ?? NOTHING;
  }

  /** The same for what makes no sense on a switch that is away: rejects with switch_unavailable then. */
  async wantNow(part: string, contents: Contents): Promise<void> {
    this.requireReady();
    await this.want(part, contents);
  }

  /**
   * Reads what the switch holds of ours and makes it right again when somebody else has changed it; resolves with
   * how many changes that took. Changes of ours never wait for the reading. @throws NetworkFailure
   */
  async verify(): Promise<number> {
    const session = this.#session;
    if (!session?.ready) return 0;
    const wishes = this.#wishes;
    try {
      const held = await this.#read(session.sw);
      const differs = changesBetween(held, union(this.#wanted.values())).length > 0;
      // A wish that has changed meanwhile explains a difference; the next time will tell.
      if (!differs || wishes !== this.#wishes || session !== this.#session) return 0;
      return await this.#inTurn(() => this.#adopt(session));
    } catch (error) {
      throw failureFrom(error, this.name);
    }
  }

  /** @throws NetworkFailure */
  async request<M extends Message>(message: M): Promise<ReplyTo<M>> {
    const session = this.#session;
    if (!session?.ready) throw this.#unavailable();
    try {
      return await session.sw.request(message, this.#timeout);
    } catch (error) {
      throw failureFrom(error, this.name);
    }
  }

  /** Sends without waiting; false when the switch is not ready. */
  send(message: Message): boolean {
    if (!this.isReady) return false;
    this.#session?.sw.send(message);
    return true;
  }

  /** @throws NetworkFailure switch_unavailable */
  requireReady(): void {
    if (!this.isReady) throw this.#unavailable();
  }

  #unavailable(): NetworkFailure {
    return new NetworkFailure('switch_unavailable', `switch ${this.name} is not connected`);
  }

  get #timeout() {
    return { timeoutMs: this.#options.limits.requestTimeoutMs };
  }

  async #metersOf(sw: Switch): Promise<number> {
    try {
      return (await sw.request(meterFeaturesRequest(), this.#timeout)).maxMeter;
    } catch (error) {
      // OpenFlow 1.3 §7.3.5.13: a switch without meters may refuse the question.
      if (error instanceof RequestError && error.detail.code === 'rejected') return 0;
      throw error;
    }
  }

  async #read(sw: Switch): Promise<Contents> {
    const mine = { cookie: COOKIE_TAG_BITS, cookieMask: COOKIE_TAG_MASK };
    const [flows, meters] = await Promise.all([
      sw.request(flowStatsRequest(mine), this.#timeout),
      this.hasMeters ? sw.request(meterConfigRequest(), this.#timeout).then((reply) => reply.meters) : [],
    ]);
    return readContents(flows.flows, meters, this.#options.meterRange);
  }

  /** From whatever the switch holds to what it should; resolves with the number of changes. */
  async #adopt(session: Session): Promise<number> {
    const { sw } = session;
    let held = await this.#read(sw);
    let changes = 0;
    // The wish may change while we wait for the barriers: until nothing differs any more.
    for (;;) {
      const wanted = new Map(this.#wanted);
      const batches = inOrder(changesBetween(held, union(wanted.values())));
      for (const batch of batches) {
        await sw.sendBatch(batch.map(messageFor), this.#timeout);
        held = afterChanges(held, batch);
        changes += batch.length;
      }
      if (batches.length > 0) continue;
      session.held.clear();
      for (const [part, contents] of wanted) session.held.set(part, contents);
      session.ready = true;
      return changes;
    }
  }

  async #converge(session: Session, part: string): Promise<void> {
    if (session !== this.#session) throw this.#unavailable();
    let held = session.held.get(part) ?? NOTHING;
    const wanted = this.#wanted.get(part) ?? NOTHING;
    try {
      for (const batch of inOrder(changesBetween(held, wanted))) {
        try {
          await session.sw.sendBatch(batch.map(messageFor), this.#timeout);
          held = afterChanges(held, batch);
        } catch (error) {
          if (!(error instanceof BatchError)) throw error;
          const refused = new Set(error.errors.map(({ index }) => index));
          held = afterChanges(
            held,
            batch.filter((_, index) => !refused.has(index)),
          );
          throw error;
        }
      }
      held = wanted;
    } catch (error) {
      // Nobody knows what is in force; the next connection reads it.
      if (!(error instanceof BatchError)) session.sw.close('a change was not confirmed');
      throw failureFrom(error, this.name);
    } finally {
      if (held === NOTHING || (held.entries.size === 0 && held.meters.size === 0)) session.held.delete(part);
      else session.held.set(part, held);
    }
  }

  /** One change at a time: each is computed from what the one before has left. */
  #inTurn<T>(job: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(job);
    this.#turn = result.catch(() => {});
    return result;
  }
}

export const isPortUp = (port: Port): boolean =>
  (port.state & OFPPS.LINK_DOWN) === 0 && (port.config & OFPPC.PORT_DOWN) === 0;
