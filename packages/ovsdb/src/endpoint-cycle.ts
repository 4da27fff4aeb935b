/** Which of several servers is tried next, and when. */
import { type BackoffOptions, reconnectDelayMs } from './backoff.ts';
import { type Endpoint, type Endpoints, formatEndpoint, parseEndpoints } from './endpoint.ts';
import { OvsdbError } from './error.ts';

/** In order, round after round. Within a round nobody waits; before the next one stands the back-off. */
export class EndpointCycle {
  readonly #endpoints: readonly Endpoint[];
  #index = 0;
  #errors: OvsdbError[] = [];
  #rounds = 0;

  constructor(endpoints: Endpoints) {
    this.#endpoints = parseEndpoints(endpoints);
  }

  get current(): Endpoint {
    const endpoint = this.#endpoints[this.#index];
    if (!endpoint) throw new RangeError('no endpoint');
    return endpoint;
  }

  /** The server in use worked: the next failure begins a new count. */
  succeeded(): void {
    this.#errors = [];
    this.#rounds = 0;
  }

  /** Moves on. `roundError` is there when every server has failed once more; its cause holds the reasons of all. */
  failed(
    error: OvsdbError,
    backoff?: BackoffOptions,
  ): { readonly retryInMs: number; readonly roundError: OvsdbError | null } {
    this.#errors.push(error);
    this.#index = (this.#index + 1) % this.#endpoints.length;
    if (this.#errors.length < this.#endpoints.length) return { retryInMs: 0, roundError: null };
    const errors = this.#errors;
    this.#errors = [];
    this.#rounds += 1;
    return { retryInMs: reconnectDelayMs(this.#rounds, backoff), roundError: this.#together(errors, error) };
  }

  #together(errors: readonly OvsdbError[], last: OvsdbError): OvsdbError {
    if (errors.length === 1) return last;
    const reason = last.detail.code === 'connect_failed' ? last.detail.reason : 'other';
    const cause = new AggregateError(errors, errors.map(({ message }) => message).join('; '));
    return new OvsdbError(
      { code: 'connect_failed', endpoint: this.#endpoints.map(formatEndpoint).join(','), reason },
      { cause },
    );
  }
}
