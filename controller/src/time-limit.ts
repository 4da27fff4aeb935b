/** Waits no longer than a limit. */
export class TimeLimitError extends Error {
  override readonly name = 'TimeLimitError';
}

/** Rejects with TimeLimitError when the promise is not settled in time; what it stands for goes on unheard. */
export async function withinLimit<T>(promise: Promise<T>, limitMs: number, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TimeLimitError(`${what} took longer than ${limitMs} ms`)), limitMs);
  });
  try {
    return await Promise.race([promise, limit]);
  } finally {
    clearTimeout(timer);
  }
}
