import { describe, expect, it } from 'vitest';
import { formatMatch } from './match.ts';

describe('a match as text', () => {
  it('of everything is empty', () => {
    expect(formatMatch({})).toBe('');
  });

  it('calls protocols by their names', () => {
    expect(formatMatch({ eth_type: 0x0800 })).toBe('ip');
    expect(formatMatch({ tcp_dst: 80, ip_proto: 6, eth_type: 0x0800 })).toBe('tcp,tp_dst=80');
    expect(formatMatch({ eth_type: 0x86dd, ip_proto: 58, icmpv6_type: 135, ipv6_nd_target: 'fe80::1' })).toBe(
      'icmp6,icmp_type=135,nd_target=fe80::1',
    );
    expect(formatMatch({ eth_type: 0x0800, ip_proto: 89 })).toBe('ip,nw_proto=89');
    expect(formatMatch({ eth_type: 0x88cc })).toBe('dl_type=0x88cc');
  });

  it('has its own order, whatever that of the keys', () => {
    const match = { ipv4_dst: '10.0.0.1', in_port: 1, eth_type: 0x0800, metadata: 5n, reg0: 1 };
    expect(formatMatch(match)).toBe('ip,reg0=0x1,metadata=0x5,in_port=1,nw_dst=10.0.0.1');
  });

  it('writes masks of addresses as a prefix where they are one', () => {
    const masked = (mask: string): string =>
      formatMatch({ eth_type: 0x0800, ipv4_src: { value: '10.0.2.0', mask } });
    expect(masked('255.255.255.0')).toBe('ip,nw_src=10.0.2.0/24');
    expect(masked('255.0.255.0')).toBe('ip,nw_src=10.0.2.0/255.0.255.0');
    expect(formatMatch({ eth_type: 0x86dd, ipv6_dst: { value: '2001:db8::', mask: 'ffff:ffff::' } })).toBe(
      'ipv6,ipv6_dst=2001:db8::/32',
    );
  });

  it('tells a VLAN by its number, or by the word of the tag', () => {
    expect(formatMatch({ vlan_vid: 0x1007, vlan_pcp: 5 })).toBe('dl_vlan=7,dl_vlan_pcp=5');
    expect(formatMatch({ vlan_vid: { value: 0x1000, mask: 0x1000 } })).toBe('vlan_tci=0x1000/0x1000');
    expect(formatMatch({ vlan_vid: 0 })).toBe('vlan_tci=0x0000/0x1fff');
    expect(formatMatch({ vlan_vid: 0 }, '1.0')).toBe('vlan_tci=0x0000');
  });

  it('breaks long registers into short ones', () => {
    expect(formatMatch({ xreg1: 0x1_0000_0002n })).toBe('reg2=0x1,reg3=0x2');
    expect(formatMatch({ xxreg0: { value: 5n, mask: 0xfn } })).toBe('reg3=0x5/0xf');
  });

  it('knows flags by their names', () => {
    const tcp = { eth_type: 0x0800, ip_proto: 6 };
    expect(formatMatch({ ...tcp, tcp_flags: 0x012 })).toBe('tcp,tcp_flags=syn|ack');
    expect(formatMatch({ ...tcp, tcp_flags: { value: 2, mask: 0x12 } })).toBe('tcp,tcp_flags=+syn-ack');
    expect(formatMatch({ ct_state: { value: 0x20, mask: 0x21 } })).toBe('ct_state=-new+trk');
  });

  it('calls the same field the same under every key', () => {
    expect(formatMatch({ nxm_in_port: 0xfffe })).toBe('in_port=LOCAL');
    expect(formatMatch({ in_port: 0xffff_fffe })).toBe('in_port=LOCAL');
    expect(formatMatch({ nxm_tunnel_id: 5n })).toBe(formatMatch({ tunnel_id: 5n }));
  });

  it('keeps what nobody has named as bytes', () => {
    expect(formatMatch({ '0x00ab0004': new Uint8Array([1, 2, 3, 4]) })).toBe('0x00ab0004=0x01020304');
  });
});
