/** Kernel modules in the order in which they can be loaded: each after those that it says it depends on. */
export interface KernelModule {
  /** With underscores, as the kernel spells it. */
  readonly name: string;
  readonly dependsOn: readonly string[];
}

/** A module file is named with dashes or underscores; the kernel does not distinguish them. */
export const moduleName = (file: string): string => file.replace(/\.ko$/, '').replaceAll('-', '_');

/**
 * What a module's `.modinfo` section says in its `depends=` string, which ends with a zero byte; modules of the same
 * kernel that are built in are not named there.
 */
export function dependenciesOf(content: Buffer): readonly string[] {
  const at = content.indexOf('\0depends=');
  if (at === -1) return [];
  const start = at + '\0depends='.length;
  const text = content.toString('latin1', start, content.indexOf(0, start));
  return text === '' ? [] : text.split(',').map(moduleName);
}

/**
 * The wanted modules and all they need, each once. `look` gives null for what is not a module (then it is built in).
 */
export function loadOrder(
  wanted: readonly string[],
  look: (name: string) => KernelModule | null,
): readonly string[] {
  const order: string[] = [];
  const visiting = new Set<string>();
  const visit = (name: string): void => {
    if (order.includes(name)) return;
    const module = look(name);
    if (module === null) return;
    if (visiting.has(name)) throw new Error(`kernel module ${name} depends on itself`);
    visiting.add(name);
    module.dependsOn.forEach(visit);
    order.push(name);
  };
  wanted.forEach(visit);
  return order;
}
