/**
 * Which blocks of the library have run, from V8's own block coverage. Asking costs milliseconds, so the fuzzer asks
 * once for a batch of inputs and looks closer only when the batch reached something new.
 */
import { Session } from 'node:inspector/promises';

interface Range {
  readonly startOffset: number;
  readonly endOffset: number;
  readonly count: number;
}

export class Coverage {
  private readonly session = new Session();
  private readonly seen = new Set<string>();

  /** `isCovered` says of which files blocks count. */
  constructor(private readonly isCovered: (url: string) => boolean) {}

  async start(): Promise<void> {
    this.session.connect();
    await this.session.post('Profiler.enable');
    await this.session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
    await this.takeNew();
  }

  /** How many blocks ran for the first time since the last call. */
  async takeNew(): Promise<number> {
    const { result } = await this.session.post('Profiler.takePreciseCoverage');
    const before = this.seen.size;
    for (const { url, scriptId, functions } of result) {
      if (!this.isCovered(url)) continue;
      for (const { ranges, isBlockCoverage } of functions) {
        if (isBlockCoverage) for (const range of ranges) this.note(scriptId, range);
      }
    }
    return this.seen.size - before;
  }

  get blocks(): number {
    return this.seen.size;
  }

  async stop(): Promise<void> {
    await this.session.post('Profiler.stopPreciseCoverage');
    this.session.disconnect();
  }

  private note(scriptId: string, { startOffset, endOffset, count }: Range): void {
    if (count > 0) this.seen.add(`${scriptId}:${startOffset}-${endOffset}`);
  }
}
