/** No promise of the product: a busy machine may take long. */
const DEADLINE_MS = 30_000;

/** Waits by asking again: for tests of things that happen on a socket. */
export async function eventually<T>(check: () => T | Promise<T>): Promise<T> {
  const end = performance.now() + DEADLINE_MS;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (performance.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}
