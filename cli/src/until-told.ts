/** Resolves on Ctrl-C or SIGTERM: for commands that run a service. */
export function untilTold(interrupted: AbortSignal): Promise<void> {
  if (interrupted.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const told = () => {
      process.removeListener('SIGTERM', told);
      resolve();
    };
    interrupted.addEventListener('abort', told, { once: true });
    process.once('SIGTERM', told);
  });
}
