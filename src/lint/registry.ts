import type { LintRule } from "./rule.ts";
import { noContradictingCounters } from "./rules/no-contradicting-counters.ts";
import { noCorrelatedRules } from "./rules/no-correlated-rules.ts";
import { noDockerBypass } from "./rules/no-docker-bypass.ts";
import { noDuplicateRule } from "./rules/no-duplicate-rule.ts";
import { noGeneralisedRule } from "./rules/no-generalised-rule.ts";
import { noHostBits } from "./rules/no-host-bits.ts";
import { noIdleAccepts } from "./rules/no-idle-accepts.ts";
import { noImpossibleRule } from "./rules/no-impossible-rule.ts";
import { noLateNatRule } from "./rules/no-late-nat-rule.ts";
import { noLockOut } from "./rules/no-lock-out.ts";
import { noNeedlessConditions } from "./rules/no-needless-conditions.ts";
import { noOpenSibling } from "./rules/no-open-sibling.ts";
import { noPartlyShadowedRule } from "./rules/no-partly-shadowed-rule.ts";
import { noRedundantRule } from "./rules/no-redundant-rule.ts";
import { noRefusedRule } from "./rules/no-refused-rule.ts";
import { noRuleAfterEnd } from "./rules/no-rule-after-end.ts";
import { noShadowedRule } from "./rules/no-shadowed-rule.ts";
import { noUnprovableRule } from "./rules/no-unprovable-rule.ts";
import { noUnreachableChain } from "./rules/no-unreachable-chain.ts";
import { noUnusedChain } from "./rules/no-unused-chain.ts";
import { noUnusedPragma } from "./rules/no-unused-pragma.ts";
import { preferConntrack } from "./rules/prefer-conntrack.ts";
import { preferEarlyEstablished } from "./rules/prefer-early-established.ts";
import { preferMergedRules } from "./rules/prefer-merged-rules.ts";
import { requireEstablishedAccept } from "./rules/require-established-accept.ts";
import { requireForwardForDnat } from "./rules/require-forward-for-dnat.ts";
import { requireLogLimit } from "./rules/require-log-limit.ts";
import { requireMasqueradeInterface } from "./rules/require-masquerade-interface.ts";

/** Every lint rule, by id. Ids are never renamed or used twice; the rule about pragmas must run last. */
export const lintRules: readonly LintRule[] = [
  noShadowedRule,
  noRedundantRule,
  noImpossibleRule,
  noNeedlessConditions,
  noPartlyShadowedRule,
  noGeneralisedRule,
  noCorrelatedRules,
  noUnreachableChain,
  noUnusedChain,
  noDuplicateRule,
  noRuleAfterEnd,
  requireEstablishedAccept,
  preferEarlyEstablished,
  noIdleAccepts,
  noDockerBypass,
  noLateNatRule,
  requireForwardForDnat,
  noLockOut,
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
