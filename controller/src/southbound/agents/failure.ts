/** The one error of the channel to the agents; `code` is the API. */
export class AgentChannelFailure extends Error {
  override readonly name = 'AgentChannelFailure';
  constructor(
    /** `redis_unavailable`: no answer, perhaps later. `redis_rejected`: it said no (out of memory, read-only, access). */
    readonly code: 'redis_unavailable' | 'redis_rejected',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
  get retriable(): boolean {
    return this.code === 'redis_unavailable';
  }
}
