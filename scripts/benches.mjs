// Every benchmark by its name. Each of its modules exports run(): Promise<{ name, lines }>; paths are from the repository's root.
export const benches = {
  openflow: {
    what: 'codec, learning switch, memory and Open vSwitch, each beside os-ken, a controller in C or bytes by hand',
    modules: ['packages/openflow/bench/openflow.ts'],
  },
  models: {
    what: 'one minimum-energy solve, one pre-copy prediction, against plainer ways to the same answer',
    modules: ['packages/models/bench/models.ts'],
  },
  paths: {
    what: 'path searches in fat-trees, and how many links they ask about, beside searches over maps',
    modules: ['topology/bench/paths.ts'],
  },
  core: {
    what: 'joint allocation beside HiGHS, ledger, admission, round reports, simulation: 10,000 migrations in a fat-tree',
    modules: [
      'packages/models/bench/joint.ts',
      'controller/bench/ledger.ts',
      'controller/bench/admission.ts',
      'controller/bench/step.ts',
      'testbed/bench/simulation.ts',
    ],
  },
  guests: {
    what: 'outage of a guest that moves there and back, divided among guest, hypervisor and network (root)',
    modules: ['testbed/bench/hitless.ts', 'testbed/bench/hitless-emulated.ts'],
  },
  lab: {
    what: 'building, provisioning and closing a network of four switches (root)',
    modules: ['testbed/dist/lab/lab-bench.js'],
  },
};
