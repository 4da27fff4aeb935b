/** From what Node says about a failed connection to a reason that an operator can act on. */
import type { ConnectFailure } from './error.ts';

export function connectFailure(cause: unknown): ConnectFailure {
  const code = codeOf(cause);
  const known = REASONS[code];
  if (known) return known;
  // The peer's alert about our certificate, such as ERR_SSL_TLSV1_ALERT_UNKNOWN_CA.
  if (/^ERR_SSL_.*ALERT.*(CERT|UNKNOWN_CA|ACCESS_DENIED)/.test(code)) return 'client_rejected';
  if (/^(ERR_SSL|ERR_TLS|EPROTO)/.test(code)) return 'tls_failed';
  return 'other';
}

export const codeOf = (cause: unknown): string =>
  cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : '';

const REASONS: Readonly<Record<string, ConnectFailure | undefined>> = {
  ECONNREFUSED: 'refused',
  ENOENT: 'refused',
  ETIMEDOUT: 'timed_out',
  ENOTFOUND: 'name_unknown',
  EAI_AGAIN: 'name_unknown',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  ECONNRESET: 'closed_by_peer',
  EPIPE: 'closed_by_peer',
  ABORT_ERR: 'given_up',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'server_untrusted',
  SELF_SIGNED_CERT_IN_CHAIN: 'server_untrusted',
  UNABLE_TO_GET_ISSUER_CERT: 'server_untrusted',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'server_untrusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'server_untrusted',
  CERT_SIGNATURE_FAILURE: 'server_untrusted',
  CERT_UNTRUSTED: 'server_untrusted',
  CERT_REJECTED: 'server_untrusted',
  CERT_REVOKED: 'server_untrusted',
  INVALID_CA: 'server_untrusted',
  INVALID_PURPOSE: 'server_untrusted',
  ERR_TLS_CERT_ALTNAME_INVALID: 'server_name_wrong',
  HOSTNAME_MISMATCH: 'server_name_wrong',
  CERT_HAS_EXPIRED: 'server_expired',
  CERT_NOT_YET_VALID: 'server_not_yet_valid',
};
