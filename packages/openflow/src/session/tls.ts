/** TLS of both sides: who shows which certificate, and whom one believes. */
import type { SecureContextOptions } from 'node:tls';

export interface TlsOptions {
  /** PEM: own private key and certificate, perhaps with intermediates. */
  readonly key: string | Uint8Array;
  readonly cert: string | Uint8Array;
  /** PEM: who must have signed the peer's certificate. Without it the system's authorities count. */
  readonly ca?: string | Uint8Array;
  /**
   * Whether the peer must show a certificate that `ca` signed. Default true: a controller that takes any switch lets
   * anybody on the network give answers. False only for a laboratory.
   */
  readonly requirePeerCertificate?: boolean;
  /** Oldest version that is spoken. Default TLSv1.2. */
  readonly minVersion?: 'TLSv1.2' | 'TLSv1.3';
  /** For the side that connects: the name that must stand in the peer's certificate; unset, only `ca` counts. */
  readonly serverName?: string;
}

export function secureContextOf(options: TlsOptions): SecureContextOptions {
  const pem = (value: string | Uint8Array): string | Buffer =>
    typeof value === 'string' ? value : Buffer.from(value);
  return {
    key: pem(options.key),
    cert: pem(options.cert),
    ...(options.ca === undefined ? {} : { ca: pem(options.ca) }),
    minVersion: options.minVersion ?? 'TLSv1.2',
  };
}
