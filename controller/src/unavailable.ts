/** Why a request cannot be taken now, although it may be a good one. */
export type UnavailableCode = 'not_ready' | 'closing' | 'store_unavailable' | 'overloaded';

const SENTENCES: Readonly<Record<UnavailableCode, string>> = {
  not_ready: 'the controller is still connecting to its switches',
  closing: 'the controller is shutting down',
  store_unavailable: 'the store cannot be reached; what runs goes on, new migrations are not admitted',
  overloaded: 'too many inputs wait for the core',
};

export class Unavailable extends Error {
  override readonly name = 'Unavailable';
  /** When to try again. */
  readonly retryAfterSec = 1;
  constructor(
    readonly code: UnavailableCode,
    options?: ErrorOptions,
  ) {
    super(SENTENCES[code], options);
  }
}
