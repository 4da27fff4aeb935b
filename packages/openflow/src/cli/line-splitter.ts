/** Lines of a stream, whatever chunks it comes in. A line that is too long is told of, and never kept. */

/** Twice the hexadecimal digits of the longest message, so that blanks between bytes are allowed. */
export const LINE_CHARS_MAX = 4 * 0xffff;

export class LineSplitter {
  private rest = '';
  private isTooLong = false;

  /** `undefined` stands for a line of more than `LINE_CHARS_MAX` characters. */
  constructor(private readonly take: (line: string | undefined) => void) {}

  push(chunk: string): void {
    let from = 0;
    for (let at = chunk.indexOf('\n'); at >= 0; at = chunk.indexOf('\n', from)) {
      this.finish(chunk.slice(from, at));
      from = at + 1;
    }
    this.keep(chunk.slice(from));
  }

  /** The last line may lack its end. */
  end(): void {
    if (this.rest !== '' || this.isTooLong) this.finish('');
  }

  private keep(part: string): void {
    if (this.rest.length + part.length > LINE_CHARS_MAX) {
      this.isTooLong = true;
      this.rest = '';
    }
    if (!this.isTooLong) this.rest += part;
  }

  private finish(part: string): void {
    this.keep(part);
    this.take(this.isTooLong ? undefined : this.rest);
    this.rest = '';
    this.isTooLong = false;
  }
}
