import type { LintRule } from "./rule.ts";
import { noContradictingCounters } from "./rules/no-contradicting-counters.ts";
import { noDockerBypass } from "./rules/no-docker-bypass.ts";
import { noDuplicateRule } from "./rules/no-duplicate-rule.ts";
import { noHostBits } from "./rules/no-host-bits.ts";
import { noIdleAccepts } from "./rules/no-idle-accepts.ts";
import { noLateNatRule } from "./rules/no-late-nat-rule.ts";
import { noOpenSibling } from "./rules/no-open-sibling.ts";
import { noRefusedRule } from "./rules/no-refused-rule.ts";
import { noRuleAfterEnd } from "./rules/no-rule-after-end.ts";
import { noUnprovableRule } from "./rules/no-unprovable-rule.ts";
import { noUnreachableChain } from "./rules/no-unreachable-chain.ts";
import { noUnusedChain } from "./rules/no-unused-chain.ts";
import { noUnusedPragma } from "./rules/no-unused-pragma.ts";
import { preferConntrack } from "./rules/prefer-conntrack.ts";
import { preferEarlyEstablished } from "./rules/prefer-early-established.ts";
import { preferMergedRules } from "./rules/prefer-merged-rules.ts";
import { requireEstablishedAccept } from "./rules/require-established-accept.ts";
import { requireLogLimit } from "./rules/require-log-limit.ts";
import { requireMasqueradeInterface } from "./rules/require-masquerade-interface.ts";

/** Every lint rule, by id. Ids are never renamed or used twice; the rule about pragmas must run last. */
export const lintRules: readonly LintRule[] = [
  noUnreachableChain,
  noUnusedChain,
  noDuplicateRule,
  noRuleAfterEnd,
  requireEstablishedAccept,
  preferEarlyEstablished,
  noIdleAccepts,
  noDockerBypass,
  noLateNatRule,
  preferConntrack,
  noHostBits,
  requireLogLimit,
  requireMasqueradeInterface,
  preferMergedRules,
  noRefusedRule,
  noUnprovableRule,
  noContradictingCounters,
  noOpenSibling,
  noUnusedPragma,
];
