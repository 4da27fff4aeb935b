import { list, mac, pad, selfLength, structs, text, u16, u32 } from '../dsl.ts';
import { between, from, only } from '../versions.ts';

/**
 * A port of the switch (ofp_port; ofp_phy_port in 1.0). 1.1 to 1.3:
 *
 *   u32        portNo             1.0: u16
 *   u8[4]      pad                not in 1.0
 *   u8[6]      hwAddr
 *   u8[2]      pad                not in 1.0
 *   char[16]   name
 *   u32        config             OFPPC_*
 *   u32        state              OFPPS_*
 *   u32        curr               OFPPF_*
 *   u32        advertised         OFPPF_*
 *   u32        supported          OFPPF_*
 *   u32        peer               OFPPF_*
 *   u32        currSpeed          kb/s; not in 1.0
 *   u32        maxSpeed           kb/s; not in 1.0
 *
 * From 1.4 on, what depends on the kind of port stands in properties:
 *
 *   u32        portNo
 *   u16        length
 *   u8[2]      pad
 *   u8[6]      hwAddr
 *   u8[2]      pad
 *   char[16]   name
 *   u32        config             OFPPC_*
 *   u32        state              OFPPS_*
 *   ...        properties         each: port_property
 */
const nameAndState = [text('name', 16), u32('config', 'OFPPC_*', 0), u32('state', 'OFPPS_*', 0)];
const features = [
  u32('curr', 'OFPPF_*', 0),
  u32('advertised', 'OFPPF_*', 0),
  u32('supported', 'OFPPF_*', 0),
  u32('peer', 'OFPPF_*', 0),
];

export const port = structs({ name: 'port', doc: 'A port of the switch (ofp_port).' }, [
  {
    versions: only('1.0'),
    section: '5.2.1',
    doc: 'A port of the switch (ofp_phy_port).',
    fields: [u16('portNo'), mac('hwAddr'), ...nameAndState, ...features],
  },
  {
    versions: between('1.1', '1.3'),
    section: 'A.2.1',
    fields: [
      u32('portNo'),
      pad(4),
      mac('hwAddr'),
      pad(2),
      ...nameAndState,
      ...features,
      u32('currSpeed', 'kb/s', 0),
      u32('maxSpeed', 'kb/s', 0),
    ],
  },
  {
    versions: from('1.4'),
    section: '7.2.1',
    fields: [
      u32('portNo'),
      selfLength(),
      pad(2),
      mac('hwAddr'),
      pad(2),
      ...nameAndState,
      list('properties', 'port_property'),
    ],
  },
]);
