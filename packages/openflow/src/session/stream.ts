/** Events as an async iterator with a bound: whoever reads slowly loses counted messages, not memory. */

export interface StreamOptions {
  /** How many may wait to be read. Default 1,024. */
  readonly highWaterMark?: number;
}

const DEFAULT_HIGH_WATER_MARK = 1024;

interface Reader<T> {
  resolve(result: IteratorResult<T, undefined>): void;
  reject(error: Error): void;
}

export class Stream<T> implements AsyncIterableIterator<T, undefined, undefined> {
  /** Messages that came while too many waited. */
  dropped = 0;
  private readonly waiting: T[] = [];
  private readonly limit: number;
  private readonly readers: Reader<T>[] = [];
  private ended = false;
  private error: Error | undefined;
  private release: () => void = () => undefined;

  constructor({ highWaterMark = DEFAULT_HIGH_WATER_MARK }: StreamOptions) {
    this.limit = highWaterMark;
  }

  /** Called once, when the stream ends or its reader leaves. */
  onEnd(release: () => void): void {
    this.release = release;
  }

  get hasEnded(): boolean {
    return this.ended;
  }

  /** False when the item was not taken. */
  push(item: T): boolean {
    if (this.ended) return false;
    const reader = this.readers.shift();
    if (reader !== undefined) {
      reader.resolve({ done: false, value: item });
      return true;
    }
    if (this.waiting.length < this.limit) {
      this.waiting.push(item);
      return true;
    }
    this.dropped += 1;
    return false;
  }

  /** What waits can still be read; after that the iterator is done, or throws `error`. */
  end(error?: Error): void {
    if (this.ended) return;
    this.ended = true;
    this.error = error;
    this.release();
    for (const { resolve, reject } of this.readers.splice(0)) this.last().then(resolve, reject);
  }

  next(): Promise<IteratorResult<T, undefined>> {
    const item = this.waiting.shift();
    if (item !== undefined) return Promise.resolve({ done: false, value: item });
    if (this.ended) return this.last();
    return new Promise((resolve, reject) => {
      this.readers.push({ resolve, reject });
    });
  }

  /** The end, which throws its error once. */
  private last(): Promise<IteratorResult<T, undefined>> {
    const { error } = this;
    this.error = undefined;
    return error === undefined ? Promise.resolve({ done: true, value: undefined }) : Promise.reject(error);
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
