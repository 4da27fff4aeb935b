// Every benchmark by its name. A module exports run(): Promise<{ name, lines }>; paths are from the repository's root.
export const benches = {
  lab: {
    what: 'building, provisioning and closing a network of four switches (root)',
    module: 'testbed/dist/lab/lab-bench.js',
  },
};
