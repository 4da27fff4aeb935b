/** A frame from the network that does not hold what its headers say. It never ends a session. */
export class PacketError extends Error {
  override readonly name = 'PacketError';

  constructor(
    /** For example `ipv4`. */
    readonly layer: string,
    reason: string,
    /** Bytes from the beginning of what was decoded. */
    readonly offset = 0,
  ) {
    super(`${layer}: ${reason} at offset ${offset}`);
  }
}

export const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
