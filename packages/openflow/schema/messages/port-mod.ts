import { list, mac, messages, pad, u16, u32 } from '../dsl.ts';
import { between, from, only } from '../versions.ts';

/**
 * OFPT_PORT_MOD: changes the behaviour of a port. 1.1 to 1.3:
 *
 *   u32        portNo             1.0: u16
 *   u8[4]      pad                not in 1.0
 *   u8[6]      hwAddr             must be the address of the port
 *   u8[2]      pad                not in 1.0
 *   u32        config             OFPPC_*
 *   u32        mask               bits of config to change
 *   u32        advertise          OFPPF_*, 0 changes nothing
 *   u8[4]      pad
 *
 * From 1.4 on, properties stand in the place of advertise and its padding:
 *
 *   ...        properties         each: port_mod_property
 */
const hwAddr = mac('hwAddr', 'must be the address of the port');
const settings = [u32('config', 'OFPPC_*', 0), u32('mask', 'bits of config to change', 0)];
const advertise = u32('advertise', 'OFPPF_*, 0 changes nothing', 0);
const wide = [u32('portNo'), pad(4), hwAddr, pad(2), ...settings];

export const portMod = messages(
  { type: 'port_mod', doc: 'OFPT_PORT_MOD: changes the behaviour of a port.' },
  [
    {
      versions: only('1.0'),
      section: '5.3.3',
      code: 15,
      fields: [u16('portNo'), hwAddr, ...settings, advertise, pad(4)],
    },
    {
      versions: between('1.1', '1.3'),
      section: 'A.3.4.3',
      code: 16,
      fields: [...wide, advertise, pad(4)],
    },
    {
      versions: from('1.4'),
      section: '7.3.4.3',
      multipleOf: 8,
      code: 16,
      fields: [...wide, list('properties', 'port_mod_property')],
    },
  ],
);
