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
  type Switch,
} from '@oflib/openflow';

export function learn(sw: Switch): void {
  const portOf = new Map<string, number>();
  const toController = [instruction.applyActions([action.output({ port: OFPP.CONTROLLER })])];
  sw.send(flowMod({ command: OFPFC.ADD, priority: 0, instructions: toController }));
  sw.on('packet_in', ({ match, data }) => {
    const inPort = match.in_port ?? OFPP.ANY;
    const { src, dst } = decodePacket(data).ethernet;
    portOf.set(src, inPort);
    const port = portOf.get(dst) ?? OFPP.FLOOD;
    const actions = [action.output({ port })];
    if (port !== OFPP.FLOOD) {
      sw.send(
        flowMod({
          command: OFPFC.ADD,
          priority: 1,
          idleTimeout: 60,
          match: { in_port: inPort, eth_src: src, eth_dst: dst },
          instructions: [instruction.applyActions(actions)],
        }),
      );
    }
    sw.send(packetOut({ inPort, actions, data }));
  });
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const controller = createController({ host: '127.0.0.1', port: 6653 });
  controller.on('switch', (sw) => {
    console.log(`switch ${sw.dpid} from ${sw.remote}`);
    sw.on('close', ({ reason }) => console.log(`switch ${sw.dpid} left: ${reason}`));
    learn(sw);
  });
  const { host, port } = await controller.listen();
  console.log(`waiting for switches on ${host}:${port}`);
}
