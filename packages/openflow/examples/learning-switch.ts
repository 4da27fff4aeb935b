/** A learning switch: `node --conditions=source --import tsx examples/learning-switch.ts`, then point a switch at it. */
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

const { HOST: address = '127.0.0.1', PORT = '6653' } = process.env;
const controller = createController({ host: address, port: Number(PORT) });
controller.use({
  name: 'learning switch',
  // Before anybody hears of the switch: send what no entry matches to us.
  async configure(sw) {
    const toController = [instruction.applyActions([action.output({ port: OFPP.CONTROLLER })])];
    await sw.sendBatch([flowMod({ command: OFPFC.ADD, priority: 0, instructions: toController })]);
  },
  start(sw) {
    const portOf = new Map<string, number>();
    sw.on('packet_in', ({ match, data }) => {
      const inPort = match.in_port ?? OFPP.ANY;
      const { src, dst } = decodePacket(data).ethernet;
      portOf.set(src, inPort);
      const port = portOf.get(dst) ?? OFPP.FLOOD;
      const actions = [action.output({ port })];
      if (port !== OFPP.FLOOD) {
        const entry = { in_port: inPort, eth_src: src, eth_dst: dst };
        const instructions = [instruction.applyActions(actions)];
        sw.send(flowMod({ command: OFPFC.ADD, priority: 1, idleTimeout: 60, match: entry, instructions }));
      }
      sw.send(packetOut({ inPort, actions, data }));
    });
    return () => console.log(`${sw.dpid} left`);
  },
});
const { host, port } = await controller.listen();
console.log(`waiting for switches on ${host}:${port}`);
