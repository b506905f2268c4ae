/** How esbuild makes the command line one file, with chunks of what only some commands load; paths are from the repository's root. */
export const bundleOptions = {
  entryPoints: { netverdict: "src/cli/main.ts", "cli/fleet-worker": "src/cli/fleet-worker.ts" },
  // starts its threads from files of its own
  external: ["tinypool"],
  chunkNames: "cli/[name]-[hash]",
  bundle: true,
  splitting: true,
  // not the names: in a stack trace they are all that a fault of ours has to say for itself, and esbuild's `keepNames` pays
  // for them with a call for each function that is made, at start and in every loop
  minifyWhitespace: true,
  minifySyntax: true,
  platform: "node",
  format: "esm",
  target: "node20",
  legalComments: "none",
  banner: {
    // commander and yaml are CommonJS inside: they call `require` for Node's own modules
    js: 'import{createRequire as $createRequire}from"node:module";const require=$createRequire(import.meta.url);',
  },
};
