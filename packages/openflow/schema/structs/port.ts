import { mac, pad, struct, text, u32 } from '../dsl.ts';

/**
 * A port of the switch (ofp_port).
 *
 *   u32        portNo
 *   u8[4]      pad
 *   u8[6]      hwAddr
 *   u8[2]      pad
 *   char[16]   name
 *   u32        config             OFPPC_*
 *   u32        state              OFPPS_*
 *   u32        curr               OFPPF_*
 *   u32        advertised         OFPPF_*
 *   u32        supported          OFPPF_*
 *   u32        peer               OFPPF_*
 *   u32        currSpeed          kb/s
 *   u32        maxSpeed           kb/s
 */
export const port = struct({
  name: 'port',
  section: 'A.2.1',
  doc: 'A port of the switch (ofp_port).',
  fields: [
    u32('portNo'),
    pad(4),
    mac('hwAddr'),
    pad(2),
    text('name', 16),
    u32('config', 'OFPPC_*', 0),
    u32('state', 'OFPPS_*', 0),
    u32('curr', 'OFPPF_*', 0),
    u32('advertised', 'OFPPF_*', 0),
    u32('supported', 'OFPPF_*', 0),
    u32('peer', 'OFPPF_*', 0),
    u32('currSpeed', 'kb/s', 0),
    u32('maxSpeed', 'kb/s', 0),
  ],
});
