import fc from "fast-check";

/**
 * Property tests draw fresh values in each run; with CI set they draw the same ones, so that a red run speaks of the change
 * and not of the draw. Loaded before all tests (.mocharc.json).
 */
if (process.env["CI"]) fc.configureGlobal({ seed: 20261121 });
