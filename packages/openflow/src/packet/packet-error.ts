/** A frame from the network that does not hold what its headers say. It never ends a session. */
export class PacketError extends Error {
  override readonly name = 'PacketError';

  constructor(
    /** For example `ipv4`. */
    readonly layer: string,
    reason: string,
  ) {
    super(`${layer}: ${reason}`);
  }
}

/** Throws unless `size` bytes are there. */
export function present(view: DataView, at: number, size: number, layer: string): void {
  if (view.byteLength - at < size) {
    throw new PacketError(
      layer,
      `truncated: needed ${size} bytes at ${at}, had ${Math.max(0, view.byteLength - at)}`,
    );
  }
}

export const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
