/** A controller that does nothing; prints its port, and at SIGUSR2 its resident memory in KiB after a collection. */
import { createController } from '@oflib/openflow';

const controller = createController({ port: 0, sameDpid: 'keep' });
const { port } = await controller.listen();
console.log(port);
process.on('SIGUSR2', () => {
  globalThis.gc?.();
  setTimeout(() => {
    globalThis.gc?.();
    console.log(Math.round(process.memoryUsage.rss() / 1024));
  }, 300);
});
