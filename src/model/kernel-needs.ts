import type { Match, Target } from "../extensions/extension.ts";
import type { BoundArgs, MatchUse, TargetUse } from "./ruleset.ts";

/** What the kernel sets up as it loads a rule, as bits: one word of memory. */
export type KernelNeeds = number;

/**
 * Connection tracking (nf_ct_netns_get), putting fragments together (nf_defrag_ipv4_enable), nf_conntrack_acct, and a memory of
 * the rule's own.
 */
export const kernelNeed = { conntrack: 1, defragmentation: 2, accounting: 4, memory: 8 } as const;
export const noNeeds: KernelNeeds = 0;
/** Bits that needs take. */
export const needBits = 4;

/** What the kernel sets up for one match or target. */
export function needsOfExtension(extension: Match | Target, args: BoundArgs): KernelNeeds {
  const { needsConntrack, needsDefragmentation, needsAccounting } = extension;
  const tracks =
    typeof needsConntrack === "object" ? args[needsConntrack.unless] === undefined : needsConntrack;
  return (
    (tracks ? kernelNeed.conntrack : noNeeds) |
    (needsDefragmentation ? kernelNeed.defragmentation : noNeeds) |
    (needsAccounting ? kernelNeed.accounting : noNeeds) |
    ("remembers" in extension && extension.remembers ? kernelNeed.memory : noNeeds)
  );
}

/** What the kernel sets up for a rule's matches and target. */
export function needsOfUses(matches: readonly MatchUse[], target: TargetUse): KernelNeeds {
  let needs = target.kind === "known" ? needsOfExtension(target.target, target.args) : noNeeds;
  for (const use of matches) if (use.kind === "known") needs |= needsOfExtension(use.match, use.args);
  return needs;
}
