// Every benchmark by its name. A module exports run(): Promise<{ name, lines }>; paths are from the repository's root.
export const benches = {
  openflow: {
    what: 'codec, learning switch, memory and Open vSwitch, each beside os-ken, a controller in C or bytes by hand',
    module: 'packages/openflow/bench/openflow.ts',
  },
  models: {
    what: 'one minimum-energy solve, one pre-copy prediction, against plainer ways to the same answer',
    module: 'packages/models/bench/models.ts',
  },
  'core-step': {
    what: 'inputs a second that the core decides with a hundred migrations under way',
    module: 'controller/bench/step.ts',
  },
  lab: {
    what: 'building, provisioning and closing a network of four switches (root)',
    module: 'testbed/dist/lab/lab-bench.js',
  },
};
