/** What can go wrong with a guest: building its image, launching it, talking to it. The code is the API. */
export type GuestFailureDetail =
  | { readonly code: 'missing_package'; readonly what: string; readonly packages: readonly string[] }
  | { readonly code: 'kernel_unavailable'; readonly packageName: string; readonly reason: string }
  | { readonly code: 'build_failed'; readonly output: string }
  | { readonly code: 'bad_guest'; readonly problems: readonly string[] }
  | { readonly code: 'launch_failed'; readonly vmId: string; readonly output: string }
  | { readonly code: 'already_there'; readonly vmId: string; readonly pid: number }
  | { readonly code: 'unknown_guest'; readonly vmId: string; readonly known: readonly string[] }
  | { readonly code: 'no_such_lab'; readonly wanted: string | null; readonly labs: readonly string[] }
  | { readonly code: 'no_answer'; readonly vmId: string; readonly afterMs: number }
  | { readonly code: 'refused_by_guest'; readonly vmId: string; readonly problem: string }
  | { readonly code: 'migration_failed'; readonly vmId: string; readonly reason: string }
  | { readonly code: 'still_runs'; readonly vmId: string; readonly pid: number };

export class GuestFailure extends Error {
  override readonly name = 'GuestFailure';
  readonly detail: GuestFailureDetail;
  constructor(detail: GuestFailureDetail, options?: ErrorOptions) {
    super(sentence(detail), options);
    this.detail = detail;
  }
}

function sentence(detail: GuestFailureDetail): string {
  switch (detail.code) {
    case 'missing_package':
      return `${detail.what}; apt-get install ${detail.packages.join(' ')}`;
    case 'kernel_unavailable':
      return `no kernel for guests: ${detail.packageName}: ${detail.reason}`;
    case 'build_failed':
      return `the guest program does not compile: ${detail.output.trim()}`;
    case 'bad_guest':
      return `the guest cannot be: ${detail.problems.join('; ')}`;
    case 'launch_failed':
      return `QEMU did not start ${detail.vmId}: ${detail.output.trim()}`;
    case 'already_there':
      return `${detail.vmId} is on this host already (pid ${detail.pid})`;
    case 'unknown_guest':
      return `there is no guest ${detail.vmId}; there ${detail.known.length === 0 ? 'is none' : `are ${detail.known.join(', ')}`}`;
    case 'no_such_lab':
      return labSentence(detail.wanted, detail.labs);
    case 'no_answer':
      return `${detail.vmId} did not answer within ${detail.afterMs} ms`;
    case 'refused_by_guest':
      return `${detail.vmId} refuses: ${detail.problem}`;
    case 'migration_failed':
      return `${detail.vmId} was not migrated: ${detail.reason}`;
    case 'still_runs':
      return `${detail.vmId} still runs (pid ${detail.pid})`;
  }
}

function labSentence(wanted: string | null, labs: readonly string[]): string {
  if (labs.length === 0) return 'no lab stands on this machine; sluice lab run FILE --keep opens one';
  return wanted === null
    ? `several labs stand (${labs.join(', ')}); say which one`
    : `no lab ${wanted} stands, but ${labs.join(', ')}`;
}
