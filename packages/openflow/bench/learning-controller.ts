/** The learning switch that the benchmark loads: our library as a user would use it. Prints the port it listens on. */
import {
  action,
  createController,
  decodePacket,
  flowMod,
  instruction,
  OFPFC,
  OFPP,
  packetOut,
} from '@oflib/openflow';

const NO_BUFFER = 0xffffffff;

const controller = createController({ port: 0 });
controller.on('switch', (sw) => {
  const portOf = new Map<string, number>();
  sw.on('packet_in', ({ bufferId, match, data }) => {
    const inPort = match.in_port ?? OFPP.ANY;
    const { src, dst } = decodePacket(data).ethernet;
    portOf.set(src, inPort);
    const port = portOf.get(dst);
    if (port === undefined) {
      sw.send(
        packetOut({
          bufferId,
          inPort,
          actions: [action.output({ port: OFPP.FLOOD })],
          ...(bufferId === NO_BUFFER ? { data } : {}),
        }),
      );
      return;
    }
    sw.send(
      flowMod({
        command: OFPFC.ADD,
        bufferId,
        idleTimeout: 60,
        match: { in_port: inPort, eth_src: src, eth_dst: dst },
        instructions: [instruction.applyActions([action.output({ port })])],
      }),
    );
  });
});
const { port } = await controller.listen();
console.log(port);
process.on('SIGUSR2', () => console.log(JSON.stringify(process.memoryUsage())));
