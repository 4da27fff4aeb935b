/**
 * A bundle: messages that come into force at once, or not at all. Open, add, close, commit (OpenFlow 1.4.0 §6.8);
 * in 1.3 the same by the extension of the ONF. The close comes back after every error of an added message, so a
 * bundle of which something was refused is discarded and never committed.
 */
import type { Message } from '../codec.ts';
import { type Version, wireVersion } from '../versions.ts';
import type { Batches } from './batch.ts';
import type { Connection } from './connection.ts';
import type { RequestOptions } from './types.ts';

export interface BundleOptions extends RequestOptions {
  /** All or nothing, also for packets on their way. Default true. */
  readonly atomic?: boolean;
  /** In the order of the array. Default true. */
  readonly ordered?: boolean;
}

const CONTROL = { open: 0, close: 2, commit: 4, discard: 6 } as const;
const FLAGS = { atomic: 1, ordered: 2 } as const;

export async function runBundle(
  connection: Connection,
  batches: Batches,
  messages: readonly Message<Version>[],
  options: BundleOptions,
): Promise<void> {
  const { atomic = true, ordered = true, timeoutMs } = options;
  const flags = (atomic ? FLAGS.atomic : 0) | (ordered ? FLAGS.ordered : 0);
  const bundleId = connection.nextXid();
  const control = (controlType: number): Promise<unknown> =>
    connection.request(controlMessage(connection.version, { bundleId, controlType, flags }), timeoutMs);
  await control(CONTROL.open);
  const batch = batches.open(messages);
  try {
    await batch.send(connection, (message, xid) =>
      addMessage(connection.version, { bundleId, flags, message, xid }),
    );
    await control(CONTROL.close);
    // Thrown here, a refusal goes the way of every other failure.
    batch.verdict();
    await control(CONTROL.commit);
  } catch (error) {
    // Else the switch keeps it. It may be gone already; what is told is the first failure.
    await control(CONTROL.discard).catch(() => undefined);
    batch.verdict();
    throw error;
  } finally {
    batch.close();
  }
}

function controlMessage(
  version: Version,
  fields: { readonly bundleId: number; readonly controlType: number; readonly flags: number },
): Message<Version> {
  if (version === '1.3') return { type: 'onf_bundle_control', ...fields, properties: [] };
  if (version === '1.4' || version === '1.5') return { type: 'bundle_control', ...fields, properties: [] };
  throw new Error(`OpenFlow ${version} has no bundles`);
}

function addMessage(
  version: Version,
  {
    message,
    xid,
    ...fields
  }: {
    readonly bundleId: number;
    readonly flags: number;
    readonly message: Message<Version>;
    readonly xid: number;
  },
): Message<Version> {
  const envelope = { version: wireVersion(version), xid, message };
  const type = version === '1.3' ? 'onf_bundle_add_message' : 'bundle_add_message';
  return { type, ...fields, message: envelope, properties: [] } as Message<Version>;
}
