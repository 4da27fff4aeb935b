/**
 * Calls a listener. One that throws is a bug of its owner: it surfaces as an uncaught exception and does not cut
 * the stream that was being read.
 */
export function callListener<T>(listener: (argument: T) => void, argument: T): void {
  try {
    listener(argument);
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
