/** The controller's HTTP API as seen by the commands: JSON in and out, every failure a CliError with its exit code. */
import { CliError, EXIT, type ExitCode } from '../exit-code.ts';

export const API_DEFAULT = 'http://127.0.0.1:8470';
/** Longest wait for one answer; event streams have none. */
const ANSWER_LIMIT_MS = 10_000;

export interface ApiClient {
  readonly url: string;
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body: unknown, headers?: Readonly<Record<string, string>>): Promise<T>;
  /** The open stream of server-sent events. */
  stream(path: string, signal: AbortSignal): Promise<ReadableStream<Uint8Array>>;
}

export function createApiClient(base: string, signal: AbortSignal): ApiClient {
  const url = checkedBase(base);
  const ask = async <T>(path: string, init: RequestInit = {}): Promise<T> => {
    const response = await reach(url, path, {
      ...init,
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_LIMIT_MS)]),
    });
    return (await response.json()) as T;
  };
  return {
    url,
    get: (path) => ask(path),
    post: (path, body, headers = {}) =>
      ask(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      }),
    stream: async (path, streamSignal) => {
      const response = await reach(url, path, { signal: streamSignal });
      if (!response.body) throw new CliError(EXIT.unreachable, `${url} sent no events`);
      return response.body;
    },
  };
}

async function reach(url: string, path: string, init: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(`${url}${path}`, init);
  } catch (error) {
    if (init.signal?.aborted && (init.signal.reason as Error | undefined)?.name !== 'TimeoutError')
      throw error;
    throw new CliError(
      EXIT.unreachable,
      `the controller at ${url} cannot be reached (${reasonOf(error)}); is it running? Say where with --api URL or SLUICE_API`,
    );
  }
  if (!response.ok) throw await errorOf(response);
  return response;
}

async function errorOf(response: Response): Promise<CliError> {
  const problem = (await response.json().catch(() => ({}))) as Record<string, unknown>;
  const { title, detail, fix } = problem;
  const sentence = [title, detail].filter((part) => typeof part === 'string').join(': ');
  const message = [sentence || `HTTP ${response.status}`, typeof fix === 'string' ? fix : '']
    .filter(Boolean)
    .join('\n');
  return new CliError(exitCodeOf(response.status), message, problem);
}

function exitCodeOf(status: number): ExitCode {
  if (status === 404) return EXIT.notFound;
  if (status === 409 || status === 412 || status === 422) return EXIT.refused;
  if (status === 503) return EXIT.unreachable;
  return status === 400 || status === 413 || status === 415 ? EXIT.usage : EXIT.failed;
}

function checkedBase(base: string): string {
  const isUrl = URL.canParse(base) && /^https?:$/.test(new URL(base).protocol);
  if (!isUrl) throw new CliError(EXIT.usage, `"${base}" is not an http URL such as ${API_DEFAULT}`);
  return base.replace(/\/+$/, '');
}

function reasonOf(error: unknown): string {
  const cause = (error as { cause?: { code?: unknown } } | null)?.cause;
  if (typeof cause?.code === 'string') return cause.code;
  return error instanceof Error ? error.message : String(error);
}
