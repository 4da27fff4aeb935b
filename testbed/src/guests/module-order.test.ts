import { describe, expect, it } from 'vitest';
import { dependenciesOf, loadOrder, moduleName } from './module-order.ts';

const MODULES: Readonly<Record<string, readonly string[]>> = {
  virtio: [],
  virtio_ring: ['virtio'],
  failover: [],
  net_failover: ['failover'],
  virtio_net: ['virtio_ring', 'virtio', 'net_failover'],
  a: ['b'],
  b: ['a'],
};
const look = (name: string) => {
  const dependsOn = MODULES[name];
  return dependsOn === undefined ? null : { name, dependsOn };
};

describe('the order of kernel modules', () => {
  it('puts each module after all it depends on, and each once', () => {
    expect(loadOrder(['virtio_ring', 'virtio_net'], look)).toEqual([
      'virtio',
      'virtio_ring',
      'failover',
      'net_failover',
      'virtio_net',
    ]);
  });

  it('leaves out what is built into the kernel', () => {
    expect(loadOrder(['built_in', 'virtio'], look)).toEqual(['virtio']);
  });

  it('refuses modules that depend on each other', () => {
    expect(() => loadOrder(['a'], look)).toThrow('depends on itself');
  });

  it('reads what a module file says of itself', () => {
    const section = (text: string) => Buffer.from(`ELF\0license=GPL\0depends=${text}\0intree=Y\0`);
    expect(dependenciesOf(section('virtio_ring,net-failover'))).toEqual(['virtio_ring', 'net_failover']);
    expect(dependenciesOf(section(''))).toEqual([]);
    expect(dependenciesOf(Buffer.from('ELF\0license=GPL\0'))).toEqual([]);
    expect(moduleName('virtio-rng.ko')).toBe('virtio_rng');
  });
});
