/** Bundles of the fake switch: OpenFlow 1.4.0 §6.8, and in 1.3 the extension of the ONF, with the refusals of Open vSwitch. */
import type { Message } from '../codec.ts';
import { OpenflowError } from '../errors.ts';
import type { Version } from '../versions.ts';

/** OFPBCT_* */
const CONTROL = { openRequest: 0, closeRequest: 2, commitRequest: 4, discardRequest: 6 } as const;
/** What may stand in a bundle. */
const ALLOWED: ReadonlySet<string> = new Set(['flow_mod', 'group_mod', 'port_mod', 'packet_out']);
/** Bundles that one controller may have open. */
export const BUNDLES_MAX = 1024;
/** Messages that one bundle may hold. */
export const BUNDLE_MESSAGES_MAX = 200_000;

export interface BundledMessage {
  /** On the wire. */
  readonly version: number;
  readonly xid: number;
  readonly message: Message<Version>;
}

interface Bundle {
  readonly flags: number;
  isClosed: boolean;
  readonly messages: BundledMessage[];
}

export interface BundleControlFields {
  readonly bundleId: number;
  readonly controlType: number;
  readonly flags: number;
}

export interface BundleAddFields {
  readonly bundleId: number;
  readonly flags: number;
  readonly message: BundledMessage;
}

const refusal = (name: string): OpenflowError => OpenflowError.named(name);

export class Bundles {
  private readonly byId = new Map<string, Bundle>();

  /** Each controller has bundles of its own. `commit` applies all messages or throws and leaves nothing of them. */
  constructor(private readonly commit: (messages: readonly BundledMessage[]) => void) {}

  control(controller: number, { bundleId, controlType, flags }: BundleControlFields): void {
    const key = `${controller}/${bundleId}`;
    if (controlType === CONTROL.openRequest) {
      if (this.byId.has(key)) {
        this.byId.delete(key);
        throw refusal('OFPBFC_BAD_ID');
      }
      if (this.byId.size >= BUNDLES_MAX) throw refusal('OFPBFC_OUT_OF_BUNDLES');
      this.byId.set(key, { flags, isClosed: false, messages: [] });
      return;
    }
    const bundle = this.byId.get(key);
    if (bundle === undefined) throw refusal('OFPBFC_BAD_ID');
    switch (controlType) {
      case CONTROL.closeRequest:
        this.close(key, bundle, flags);
        return;
      case CONTROL.commitRequest:
        this.byId.delete(key);
        if (bundle.flags !== flags) throw refusal('OFPBFC_BAD_FLAGS');
        this.commit(bundle.messages);
        return;
      case CONTROL.discardRequest:
        this.byId.delete(key);
        return;
      default:
        throw refusal('OFPBFC_BAD_TYPE');
    }
  }

  private close(key: string, bundle: Bundle, flags: number): void {
    const wrong = bundle.isClosed
      ? 'OFPBFC_BUNDLE_CLOSED'
      : bundle.flags !== flags
        ? 'OFPBFC_BAD_FLAGS'
        : undefined;
    if (wrong !== undefined) {
      this.byId.delete(key);
      throw refusal(wrong);
    }
    bundle.isClosed = true;
  }

  /** Adds a message; a bundle that is not open yet is opened by it, as Open vSwitch does. */
  add(controller: number, xid: number, { bundleId, flags, message }: BundleAddFields): void {
    if (message.xid !== xid) throw refusal('OFPBFC_MSG_BAD_XID');
    if (!ALLOWED.has(message.message.type)) throw refusal('OFPBFC_MSG_UNSUP');
    const key = `${controller}/${bundleId}`;
    const bundle = this.byId.get(key) ?? { flags, isClosed: false, messages: [] };
    if (bundle.isClosed) {
      this.byId.delete(key);
      throw refusal('OFPBFC_BUNDLE_CLOSED');
    }
    if (bundle.flags !== flags) {
      this.byId.delete(key);
      throw refusal('OFPBFC_BAD_FLAGS');
    }
    if (bundle.messages.length >= BUNDLE_MESSAGES_MAX) throw refusal('OFPBFC_MSG_TOO_MANY');
    bundle.messages.push(message);
    this.byId.set(key, bundle);
  }

  /** Forgets the bundles of everybody. */
  clear(): void {
    this.byId.clear();
  }
}
