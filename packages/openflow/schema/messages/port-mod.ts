import { mac, message, pad, u32 } from '../dsl.ts';

/**
 * OFPT_PORT_MOD: changes the behaviour of a port.
 *
 *   u32        portNo
 *   u8[4]      pad
 *   u8[6]      hwAddr             must be the address of the port
 *   u8[2]      pad
 *   u32        config             OFPPC_*
 *   u32        mask               bits of config to change
 *   u32        advertise          OFPPF_*, 0 changes nothing
 *   u8[4]      pad
 */
export const portMod = message({
  type: 'port_mod',
  section: 'A.3.4.3',
  doc: 'OFPT_PORT_MOD: changes the behaviour of a port.',
  code: 16,
  fields: [
    u32('portNo'),
    pad(4),
    mac('hwAddr', 'must be the address of the port'),
    pad(2),
    u32('config', 'OFPPC_*', 0),
    u32('mask', 'bits of config to change', 0),
    u32('advertise', 'OFPPF_*, 0 changes nothing', 0),
    pad(4),
  ],
});
