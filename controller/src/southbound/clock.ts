/** Time as the adapters see it, so that tests can hold it still. */
export interface Clock {
  /** Monotonic milliseconds. */
  now(): number;
  /** Calls once after `ms`; returns what cancels it. A pending call keeps no process alive. */
  after(ms: number, call: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  after: (ms, call) => {
    const timer = setTimeout(call, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

export const wait = (clock: Clock, ms: number): Promise<void> =>
  new Promise((resolve) => {
    clock.after(ms, resolve);
  });

/** Calls again and again, `ms` after the last call ended; returns what stops it. A call that throws is a bug. */
export function every(clock: Clock, ms: number, call: () => void | Promise<void>): () => void {
  let stopped = false;
  let cancel = () => {};
  const next = () => {
    if (stopped) return;
    cancel = clock.after(ms, async () => {
      await call();
      next();
    });
  };
  next();
  return () => {
    stopped = true;
    cancel();
  };
}
