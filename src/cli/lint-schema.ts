import { z } from "zod";

const level = z.enum(["error", "warning", "info", "style", "off"]);
const id = z.string().regex(/^NV\d{3}$/, "a rule's id looks like NV101: `netverdict rules` lists them");

/** `.netverdict.yaml` (docs/lint.md). */
export const lintFile = z.strictObject({
  version: z.literal(1),
  lint: z
    .strictObject({
      "fail-on": z.enum(["error", "warning", "info", "style", "never"]).optional(),
      severity: z.record(id, level).optional(),
      enable: z.array(id).optional(),
      disable: z.array(id).optional(),
      /** Sessions that must not be lost, in match words (NV207). */
      keep: z.array(z.string().min(1)).optional(),
      /** From the configuration file's folder. */
      baseline: z.string().min(1).optional(),
    })
    .optional(),
});

const findings = z.record(z.string().regex(/^[0-9a-f]{16}$/), z.string());

/** A baseline: of each file the fingerprints of known findings, each with its text for people. */
export const baselineFile = z.strictObject({ version: z.literal(1), files: z.record(z.string(), findings) });
