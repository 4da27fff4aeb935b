/**
 * Who is connected. Only switches of the inventory are let in, each once: the holder of a dpid keeps it while it
 * answers, because features replies are not proof of identity.
 */
import {
  type Controller,
  createController,
  describeError,
  echoRequest,
  type PacketIn,
  type Switch,
} from '@oflib/openflow';
import type { Dpid, PortNo, SwitchPort, Topology } from '@sluice/topology';
import type { Alerts } from '../alerts.ts';
import { type Clock, every } from '../clock.ts';
import type { NetworkLimits } from '../limits.ts';
import { messageOf, type TakeNote } from '../note.ts';
import { isPortUp, ManagedSwitch } from './managed-switch.ts';
import type { MeterRange } from './meters.ts';

export interface SwitchboardOptions {
  readonly topology: Topology;
  readonly epoch: number;
  readonly listen: { readonly host: string; readonly port: number };
  readonly meterRange: MeterRange;
  readonly limits: NetworkLimits;
  readonly clock: Clock;
  readonly alerts: Alerts;
  readonly note: TakeNote;
}

export interface SwitchboardListener {
  switchReady(dpid: Dpid): void;
  portChanged(port: SwitchPort, isUp: boolean): void;
  packetIn(dpid: Dpid, message: PacketIn): void;
}

export class Switchboard {
  readonly #options: SwitchboardOptions;
  readonly #controller: Controller;
  readonly #switches: ReadonlyMap<Dpid, ManagedSwitch>;
  #listener: SwitchboardListener | null = null;
  #closed = false;
  #stopVerifying: () => void = () => {};

  constructor(options: SwitchboardOptions) {
    this.#options = options;
    this.#switches = new Map(
      [...options.topology.switches.values()].map(({ dpid, name }) => [
        dpid,
        new ManagedSwitch({ ...options, dpid, name }),
      ]),
    );
    this.#controller = createController({
      ...options.listen,
      requestTimeoutMs: options.limits.requestTimeoutMs,
      sameDpid: 'keep',
    });
    this.#controller.on('switch', (sw) => void this.#welcome(sw));
    this.#controller.on('refused', ({ remote, reason }) =>
      options.note({ level: 'warn', event: 'switch_refused', detail: { remote, reason } }),
    );
  }

  get switches(): ReadonlyMap<Dpid, ManagedSwitch> {
    return this.#switches;
  }

  /** Throws RangeError for a dpid that the inventory does not have. */
  of(dpid: Dpid): ManagedSwitch {
    const found = this.#switches.get(dpid);
    if (!found) throw new RangeError(`no switch ${dpid}`);
    return found;
  }

  listen(listener: SwitchboardListener): Promise<{ readonly host: string; readonly port: number }> {
    this.#listener = listener;
    const { clock, limits } = this.#options;
    this.#stopVerifying = every(clock, limits.verifyPeriodMs, () => this.#verify());
    return this.#controller.listen();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#stopVerifying();
    await this.#controller.close();
  }

  /** Somebody may have changed a switch behind our back, or it may have refused a change that it takes now. */
  async #verify(): Promise<void> {
    const { note } = this.#options;
    await Promise.all(
      [...this.#switches.values()].map(async (managed) => {
        const detail = { switch: managed.name };
        try {
          const changes = await managed.verify();
          if (changes > 0) note({ level: 'warn', event: 'switch_repaired', detail: { ...detail, changes } });
        } catch (error) {
          if (!this.#closed)
            note({
              level: 'warn',
              event: 'switch_not_verified',
              detail: { ...detail, reason: messageOf(error) },
            });
        }
      }),
    );
  }

  async #welcome(sw: Switch): Promise<void> {
    const { alerts } = this.#options;
    const managed = this.#switches.get(sw.dpid as Dpid);
    if (!managed) {
      alerts.raise('unknown_switch', `dpid ${sw.dpid} from ${sw.remote} is not in the inventory`);
      sw.close('not in the inventory');
      return;
    }
    const holder = managed.connection;
    if (holder?.isOpen && holder !== sw && (await this.#isAlive(holder))) {
      alerts.raise(
        'duplicate_dpid',
        `dpid ${sw.dpid} from ${hostOf(sw.remote)} is held by ${hostOf(holder.remote)}`,
      );
      sw.close('the dpid is taken');
      return;
    }
    holder?.close('replaced by a new connection');
    if (sw.isOpen) await this.#admit(sw, managed);
  }

  async #admit(sw: Switch, managed: ManagedSwitch): Promise<void> {
    const { note, alerts } = this.#options;
    const { dpid, name } = managed;
    const portOf = (portNo: number): SwitchPort => ({ dpid, portNo: portNo as PortNo });
    sw.on('packet_in', (message) => this.#listener?.packetIn(dpid, message));
    sw.on('port_status', ({ port, reason }) =>
      this.#listener?.portChanged(portOf(port.portNo), reason !== PORT_DELETED && isPortUp(port)),
    );
    sw.on('protocol_error', (error) =>
      note({
        level: 'warn',
        event: 'switch_protocol_error',
        detail: { switch: name, reason: error.message },
      }),
    );
    sw.on('error', (error) =>
      alerts.raise('switch_error', `switch ${name} answered ${describeError(error, sw.version).name}`),
    );
    sw.on('close', ({ reason }) => {
      const wasOurs = managed.connection === sw;
      managed.detach(sw);
      if (wasOurs && !this.#closed)
        note({ level: 'warn', event: 'switch_disconnected', detail: { switch: name, reason } });
    });
    try {
      const ports = await managed.attach(sw);
      note({ level: 'info', event: 'switch_ready', detail: { switch: name, dpid, remote: sw.remote } });
      for (const { portNo, isUp } of ports) this.#listener?.portChanged(portOf(portNo), isUp);
      this.#listener?.switchReady(dpid);
    } catch (error) {
      if (this.#closed) return;
      if (sw.isOpen) alerts.raise('switch_not_adopted', `switch ${name}: ${messageOf(error)}`);
      sw.close('could not be adopted');
    }
  }

  async #isAlive(sw: Switch): Promise<boolean> {
    try {
      await sw.request(echoRequest({}), { timeoutMs: this.#options.limits.duplicateProbeMs });
      return true;
    } catch {
      return false;
    }
  }
}

/** OFPPR_DELETE */
const PORT_DELETED = 1;

/** Without the port, which changes at every try: one alert per intruder. */
const hostOf = (remote: string): string => remote.slice(0, remote.lastIndexOf(':'));
