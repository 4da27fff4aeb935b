/** What can go wrong with the machine underneath a lab. The code is the API; the sentence is for people. */
export type LabFailureDetail =
  | {
      readonly code: 'command_failed';
      readonly command: string;
      readonly exitCode: number;
      readonly output: string;
    }
  | { readonly code: 'timed_out'; readonly what: string; readonly afterMs: number }
  | {
      readonly code: 'process_ended';
      readonly name: string;
      readonly exitCode: number | null;
      readonly output: string;
    }
  | { readonly code: 'left_behind'; readonly things: readonly string[] }
  | { readonly code: 'not_permitted'; readonly what: string; readonly fix: string }
  | { readonly code: 'bad_spec'; readonly problems: readonly string[] };

export class LabFailure extends Error {
  override readonly name = 'LabFailure';
  readonly detail: LabFailureDetail;
  constructor(detail: LabFailureDetail, options?: ErrorOptions) {
    super(sentence(detail), options);
    this.detail = detail;
  }
}

function sentence(detail: LabFailureDetail): string {
  switch (detail.code) {
    case 'command_failed':
      return `${detail.command} ended with ${detail.exitCode}: ${detail.output.trim()}`;
    case 'timed_out':
      return `${detail.what} did not happen within ${detail.afterMs} ms`;
    case 'process_ended':
      return `${detail.name} ended by itself (${detail.exitCode ?? 'killed'}): ${detail.output.trim()}`;
    case 'left_behind':
      return `the lab could not remove ${detail.things.join(', ')}`;
    case 'not_permitted':
      return `${detail.what}; ${detail.fix}`;
    case 'bad_spec':
      return `the network cannot be built: ${detail.problems.join('; ')}`;
  }
}
