/** Errors as the API tells them: RFC 9457 problem documents with a stable `code` and a sentence that says what to do. */
import type { Response } from 'express';

export interface ProblemDetail {
  readonly path: string;
  readonly message: string;
  readonly fix?: string;
}

export interface ProblemOptions {
  readonly status: number;
  /** snake_case; the API. */
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  /** What the caller can do about it. */
  readonly fix: string;
  /** What is wrong with single fields. */
  readonly errors?: readonly ProblemDetail[];
  /** Facts of a refusal, as members of their own; their names carry the unit. */
  readonly facts?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

export class Problem extends Error {
  override readonly name = 'Problem';
  constructor(readonly options: ProblemOptions) {
    super(options.detail);
  }
}

/** Titles and statuses belong to the document; a fact of the same name must not replace them. */
export function sendProblem(res: Response, options: ProblemOptions): void {
  const { status, code, title, detail, fix, errors, facts = {}, headers = {} } = options;
  const document = {
    ...facts,
    type: `urn:sluice:problem:${code}`,
    title,
    status,
    detail,
    instance: res.req.originalUrl.slice(0, 500),
    code,
    fix,
    requestId: res.get('x-request-id'),
    ...(errors ? { errors } : {}),
  };
  res.status(status).set(headers).type('application/problem+json').send(JSON.stringify(document));
}
