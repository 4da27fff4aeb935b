/** The end of every request that went wrong: one place that turns errors into problem documents. */
import type { ErrorRequestHandler, RequestHandler } from 'express';
import { StoreFailure } from '../store/index.ts';
import type { Log } from '../telemetry/log.ts';
import { Unavailable } from '../unavailable.ts';
import { Problem, type ProblemOptions, sendProblem } from './problem.ts';

export const answerNotFound: RequestHandler = (req, res) =>
  sendProblem(res, {
    status: 404,
    code: 'not_found',
    title: 'Not found',
    detail: `there is nothing at ${req.path.slice(0, 200)}`,
    fix: 'The resources are /v1/migrations, /v1/reservations, /v1/topology, /v1/hosts, /v1/vms, /v1/events, /metrics, /healthz and /readyz.',
  });

/** For the methods that a resource does not have; stands last on its route. */
export const methodNotAllowed =
  (...methods: string[]): RequestHandler =>
  (req, res) =>
    sendProblem(res, {
      status: 405,
      code: 'method_not_allowed',
      title: 'Method not allowed',
      detail: `${req.method} is not possible here`,
      fix: `Use ${methods.join(' or ')}.`,
      headers: { allow: methods.join(', ') },
    });

export const answerErrors =
  (log: Log): ErrorRequestHandler =>
  (error, _req, res, next) => {
    // The answer has begun: nothing can be said any more but that it is broken.
    if (res.headersSent) return next(error);
    const problem = problemOf(error);
    if (problem.status >= 500 && problem.code === 'internal')
      log.error({ event: 'http_error', requestId: res.get('x-request-id'), err: error }, 'a request failed');
    sendProblem(res, problem);
  };

function problemOf(error: unknown): ProblemOptions {
  if (error instanceof Problem) return error.options;
  if (error instanceof Unavailable) return unavailable(error.code, error.message, error.retryAfterSec);
  if (error instanceof StoreFailure) return unavailable('store_unavailable', error.message, 1);
  if (error instanceof URIError) return MALFORMED_PATH;
  const type = (error as { type?: unknown } | null)?.type;
  return (typeof type === 'string' && bodyProblem(type)) || INTERNAL;
}

const unavailable = (code: string, detail: string, retryAfterSec: number): ProblemOptions => ({
  status: 503,
  code,
  title: 'Not now',
  detail,
  fix: 'Try again after the time in Retry-After; GET /readyz says what is missing.',
  headers: { 'retry-after': String(retryAfterSec) },
});

const MALFORMED_PATH: ProblemOptions = {
  status: 400,
  code: 'malformed_path',
  title: 'Malformed path',
  detail: 'a % in the path is not followed by two hex digits of UTF-8',
  fix: 'Encode names with percent signs as RFC 3986 says.',
};

const INTERNAL: ProblemOptions = {
  status: 500,
  code: 'internal',
  title: 'Internal error',
  detail: 'the controller failed at this request',
  fix: 'Look for the requestId in the log of the controller.',
};

/** By the `type` of body-parser's errors. */
function bodyProblem(type: string): ProblemOptions | null {
  const problem = (
    status: number,
    code: string,
    title: string,
    detail: string,
    fix: string,
  ): ProblemOptions => ({
    status,
    code,
    title,
    detail,
    fix,
  });
  switch (type) {
    case 'entity.parse.failed':
      return problem(
        400,
        'malformed_json',
        'Malformed JSON',
        'the body is not a JSON object',
        'Check quotes, commas and brackets; send one JSON object.',
      );
    case 'entity.too.large':
      return problem(
        413,
        'body_too_large',
        'Body too large',
        'the body is longer than 16 KiB',
        'Send only the fields of a migration.',
      );
    case 'charset.unsupported':
    case 'encoding.unsupported':
      return problem(
        415,
        'unsupported_media_type',
        'Unsupported media type',
        'the body is in an encoding that is not known',
        'Send application/json in UTF-8.',
      );
    case 'request.aborted':
    case 'request.size.invalid':
      return problem(
        400,
        'incomplete_body',
        'Incomplete body',
        'the body ended early',
        'Send as many bytes as Content-Length says.',
      );
    default:
      return null;
  }
}
