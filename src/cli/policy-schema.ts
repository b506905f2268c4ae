import { z } from "zod";
import { assumableStates } from "./flow.ts";
import { expectation, flowEntries } from "./packets-schema.ts";

const words = z.string().min(1);

const addressList = z.union([words, z.array(words).min(1)], "expected an address, or a list of them");

/** The ways to say what is asserted; each check has exactly one. */
export const checkKinds = ["accept", "deny", "only", "packet", "flow"] as const;

const counterPlace = /^[^/]+\/[^/]+:(\d+|policy)$/;

/** One assertion of a policy. */
export const policyCheck = z
  .strictObject({
    name: z.string().optional().describe("What reports call the check."),
    accept: words.optional().describe("Every packet of this set is accepted. iptables match words."),
    deny: words.optional().describe("No packet of this set is accepted. iptables match words."),
    only: words.optional().describe("Of this set only packets from `from` may be accepted."),
    from: addressList.optional().describe("Sources that `only` lets pass: addresses, networks, `$group`."),
    path: z
      .enum(["INPUT", "FORWARD", "OUTPUT"])
      .optional()
      .describe("The packets' way, where -i and -o of their words do not say it."),
    packet: words.optional().describe("One packet, in iptables' words; `expect` says what must come of it."),
    ctstate: z.enum(assumableStates).optional().describe("What conntrack shall say of `packet`."),
    expect: expectation.optional(),
    flow: flowEntries.optional().describe("Packets that follow each other, as in a packets file."),
    counters: z
      .record(z.string().regex(counterPlace, 'expected e.g. "filter/INPUT:3"'), z.int().nonnegative())
      .optional()
      .describe("Packets that rules and policies must have counted after `packet` or `flow`."),
    "allow-unknown": z.boolean().optional().describe("UNKNOWN is no failure of this check."),
  })
  .superRefine((value, context) => {
    const issue = (message: string): void => context.addIssue({ code: "custom", message });
    const given = checkKinds.filter((kind) => value[kind] !== undefined);
    if (given.length !== 1) {
      issue(
        `expected exactly one of ${checkKinds.join(", ")}${given.length > 1 ? `, not ${given.join(" and ")}` : ""}`,
      );
      return;
    }
    const kind = given[0];
    const belongs = (
      key: "from" | "expect" | "ctstate" | "counters" | "path",
      to: readonly string[],
    ): void => {
      if (value[key] === undefined || (kind !== undefined && to.includes(kind))) return;
      context.addIssue({ code: "custom", message: `\`${key}\` belongs to ${to.join(" and ")}`, path: [key] });
    };
    belongs("from", ["only"]);
    belongs("expect", ["packet"]);
    belongs("ctstate", ["packet"]);
    belongs("counters", ["packet", "flow"]);
    belongs("path", ["accept", "deny", "only"]);
    if (kind === "only" && value.from === undefined) issue("`only` needs `from`: who may");
    if (kind === "packet" && value.expect === undefined && value.counters === undefined)
      issue("`packet` needs `expect`: what must come of it");
  });

/** A policy file (docs/check.md). schema/policy.schema.json is made from this. */
export const policyFile = z.strictObject({
  version: z.literal(1, "expected `version: 1`"),
  rules: z
    .union([words, z.array(words).min(1)], "expected a path, a glob, or a list of them")
    .describe("The rule sets that must keep the policy: paths or globs, relative to this file."),
  snapshot: words.optional().describe("The folder in which a host says what it is, relative to this file."),
  family: z
    .enum(["ipv4", "ipv6"])
    .optional()
    .describe("The rules' family; guessed from the files unless told."),
  groups: z
    .record(
      z.string().regex(/^[A-Za-z_][\w-]*$/, "a group's name has letters, digits, `_` and `-`"),
      addressList,
    )
    .optional()
    .describe("Names for lists of addresses and networks: `-s $name`."),
  "allow-unknown": z.boolean().optional().describe("UNKNOWN is no failure."),
  checks: z.array(policyCheck).min(1),
});

export type PolicyData = z.infer<typeof policyFile>;
export type CheckData = PolicyData["checks"][number];
