/** Events as an async iterator with a bound: whoever reads slowly loses counted messages, not memory. */

export interface StreamOptions {
  /** How many may wait to be read. Default 1,024. */
  readonly highWaterMark?: number;
  /** For replies, which are bounded elsewhere: nothing is dropped. */
  readonly keepAll?: boolean;
}

const DEFAULT_HIGH_WATER_MARK = 1024;

export class Stream<T> implements AsyncIterableIterator<T, undefined, undefined> {
  /** Messages that came while too many waited. */
  dropped = 0;
  private readonly waiting: T[] = [];
  private readonly limit: number;
  private reader:
    | { resolve(result: IteratorResult<T, undefined>): void; reject(error: Error): void }
    | undefined;
  private ended = false;
  private error: Error | undefined;
  private release: () => void = () => undefined;

  constructor(options: StreamOptions) {
    this.limit =
      options.keepAll === true
        ? Number.POSITIVE_INFINITY
        : (options.highWaterMark ?? DEFAULT_HIGH_WATER_MARK);
  }

  /** Called once, when the stream ends or its reader leaves. */
  onEnd(release: () => void): void {
    this.release = release;
  }

  push(item: T): void {
    if (this.ended) return;
    if (this.reader !== undefined) {
      const { resolve } = this.reader;
      this.reader = undefined;
      resolve({ done: false, value: item });
    } else if (this.waiting.length < this.limit) this.waiting.push(item);
    else this.dropped += 1;
  }

  /** What waits can still be read; after that the iterator is done, or throws `error`. */
  end(error?: Error): void {
    if (this.ended) return;
    this.ended = true;
    this.error = error;
    this.release();
    const { reader } = this;
    this.reader = undefined;
    if (reader === undefined) return;
    if (error === undefined) reader.resolve({ done: true, value: undefined });
    else reader.reject(error);
  }

  /** One reader at a time. */
  next(): Promise<IteratorResult<T, undefined>> {
    const [item] = this.waiting.splice(0, 1) as [T?];
    if (item !== undefined) return Promise.resolve({ done: false, value: item });
    if (this.ended) {
      const { error } = this;
      this.error = undefined;
      return error === undefined ? Promise.resolve({ done: true, value: undefined }) : Promise.reject(error);
    }
    return new Promise((resolve, reject) => {
      this.reader = { resolve, reject };
    });
  }

  return(): Promise<IteratorResult<T, undefined>> {
    this.end();
    this.waiting.length = 0;
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
