/**
 * Typed events. Unlike node:events, an event named `error` that nobody hears is not thrown, because here it is
 * the peer's message; and a listener that throws does not stop the reader: its error is rethrown on its own.
 */
export type Listener<A extends readonly unknown[]> = (...args: A) => void;

export class Emitter<E extends { [K in keyof E]: readonly unknown[] }> {
  private readonly listeners = new Map<keyof E, Set<Listener<never>>>();

  /** Adds a listener and returns the function that removes it. */
  on<K extends keyof E>(event: K, listener: Listener<E[K]>): () => void {
    const set = this.listeners.get(event) ?? new Set();
    this.listeners.set(event, set);
    set.add(listener as Listener<never>);
    return () => {
      set.delete(listener as Listener<never>);
    };
  }

  /** The same for one event only. */
  once<K extends keyof E>(event: K, listener: Listener<E[K]>): () => void {
    const off = this.on(event, (...args: E[K]) => {
      off();
      listener(...args);
    });
    return off;
  }

  protected emit<K extends keyof E>(event: K, ...args: E[K]): void {
    const set = this.listeners.get(event);
    if (set === undefined) return;
    for (const listener of [...set]) {
      try {
        // The map keeps every event's listeners under one type; `on` put it under the event that it takes.
        (listener as unknown as Listener<E[K]>)(...args);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
