/**
 * Which asynchronous messages a controller hears (OpenFlow 1.3.0 §6.3.5 and §A.3.10, 1.4.0 §7.3.10): for every kind a
 * mask of reasons as master or equal, and one as slave.
 */
import type { Message } from '../codec.ts';
import type { AsyncProperty } from '../generated/of13/elements/async-property.ts';
import { type Version, wireVersion } from '../versions.ts';

interface Masks {
  packetIn: number;
  portStatus: number;
  flowRemoved: number;
}

/** As the specification begins: everything for masters but OFPR_INVALID_TTL, ports for slaves. */
const BEFORE_14: Masks = { packetIn: 0b011, portStatus: 0b111, flowRemoved: 0b1111 };
const SINCE_14: Masks = { packetIn: 0b111011, portStatus: 0b111, flowRemoved: 0b111111 };
const SLAVE: Masks = { packetIn: 0, portStatus: 0b111, flowRemoved: 0 };

/** Properties of 1.4 by the mask that they set. */
const PROPERTIES: Readonly<Record<string, readonly ['master' | 'slave', keyof Masks]>> = {
  packet_in_slave: ['slave', 'packetIn'],
  packet_in_master: ['master', 'packetIn'],
  port_status_slave: ['slave', 'portStatus'],
  port_status_master: ['master', 'portStatus'],
  flow_removed_slave: ['slave', 'flowRemoved'],
  flow_removed_master: ['master', 'flowRemoved'],
};

export class AsyncConfig {
  private readonly masks: { readonly master: Masks; readonly slave: Masks };

  constructor(private readonly version: Version) {
    const master = wireVersion(version) >= wireVersion('1.4') ? SINCE_14 : BEFORE_14;
    this.masks = { master: { ...master }, slave: { ...SLAVE } };
  }

  allows(message: Message<Version>, isSlave: boolean): boolean {
    const masks = isSlave ? this.masks.slave : this.masks.master;
    switch (message.type) {
      case 'packet_in':
        return (masks.packetIn & (1 << message.reason)) !== 0;
      case 'port_status':
        return (masks.portStatus & (1 << message.reason)) !== 0;
      case 'flow_removed':
        return (masks.flowRemoved & (1 << message.reason)) !== 0;
      default:
        return !isSlave;
    }
  }

  /** Applies a message that sets it; false when it is not one. */
  take(message: Message<Version>): boolean {
    switch (message.type) {
      case 'set_async':
        if ('properties' in message) this.apply(message.properties as readonly AsyncProperty[]);
        else this.set(message);
        return true;
      case 'nx_set_async_config':
        this.set(message);
        return true;
      case 'nx_set_async_config2':
        this.apply(message.properties);
        return true;
      default:
        return false;
    }
  }

  private set(masks: {
    readonly packetInMask: number;
    readonly packetInMaskSlave: number;
    readonly portStatusMask: number;
    readonly portStatusMaskSlave: number;
    readonly flowRemovedMask: number;
    readonly flowRemovedMaskSlave: number;
  }): void {
    const { master, slave } = this.masks;
    master.packetIn = masks.packetInMask;
    master.portStatus = masks.portStatusMask;
    master.flowRemoved = masks.flowRemovedMask;
    slave.packetIn = masks.packetInMaskSlave;
    slave.portStatus = masks.portStatusMaskSlave;
    slave.flowRemoved = masks.flowRemovedMaskSlave;
  }

  private apply(properties: readonly AsyncProperty[]): void {
    for (const property of properties) {
      const place = PROPERTIES[property.type];
      if (place === undefined || !('mask' in property)) continue;
      this.masks[place[0]][place[1]] = property.mask;
    }
  }

  reply(): Message<Version> {
    const { master, slave } = this.masks;
    if (wireVersion(this.version) >= wireVersion('1.4')) {
      const properties = Object.entries(PROPERTIES).map(([type, [role, kind]]) => ({
        type,
        mask: this.masks[role][kind],
      }));
      return { type: 'get_async_reply', properties } as Message<Version>;
    }
    return {
      type: 'get_async_reply',
      packetInMask: master.packetIn,
      packetInMaskSlave: slave.packetIn,
      portStatusMask: master.portStatus,
      portStatusMaskSlave: slave.portStatus,
      flowRemovedMask: master.flowRemoved,
      flowRemovedMaskSlave: slave.flowRemoved,
    };
  }
}
