/**
 * Every diagnostic code with what it means, one line each. Codes are stable: they are never renamed or used twice.
 * `docs/diagnostics.md` is generated from this table.
 */
export const diagnosticCodes = {
  "syntax-error": "the line is no iptables-save line, no iptables command and no script line that we follow",
  "unknown-option": "no loaded match or target and no iptables command knows this option",
  "ambiguous-option": "the abbreviated option fits more than one option",
  "missing-value": "an option or command lacks its argument",
  "unexpected-value": "a word stands where no argument is expected",
  "bad-value": "the argument is not of the option's kind",
  "truncated-value": "a number that is too big; iptables keeps only its low bits",
  "unresolved-name":
    "a name whose number only the host knows; the rule stays and what depends on it is assumed",
  "not-invertible": "`!` before an option that cannot be inverted",
  "repeated-option": "an option that may be given once is given twice",
  "option-conflict": "two options exclude each other",
  "option-missing": "an option that the match or target requires is missing",
  "wrong-place": "the match or target is not valid in this table, hook, protocol or family",
  "unknown-match": "a match that we do not model; its words are kept and what depends on it is assumed",
  "unknown-target": "a target that we do not model; its words are kept and what depends on it is assumed",
  "no-such-chain": "the chain does not exist",
  "no-such-table": "the table does not exist",
  "chain-exists": "the chain exists already",
  "chain-in-use": "the chain cannot be deleted: a rule jumps to it, it is not empty or it is built in",
  "bad-policy": "the policy is not ACCEPT or DROP, or the chain is user-defined",
  "index-out-of-range": "the rule number lies outside the chain",
  "no-such-rule": "no rule of the chain equals the specification",
  "jump-loop": "a chain would reach itself through jumps",
  "kernel-refuses": "iptables takes the rule, the kernel refuses it",
  "line-ending": "a line that ends in a way iptables-restore does not take",
  "missing-commit": "a table section without its COMMIT",
  "shell-not-followed": "shell that cannot be followed without running it",
  "undefined-variable": "a shell variable that the script does not set",
  "no-effect": "iptables takes the line and does nothing: `-h`, `-V`, a `-6` line among IPv4 rules",
  "ipset-refuses": "ipset or the kernel refuses a line about sets",
  "connection-unread": "a line about connections that `conntrack -L` does not print like that",
  "version-dependent": "versions of iptables read this differently",
  "not-modelled": "taken, but not modelled; what depends on it is assumed",
} as const satisfies Readonly<Record<string, string>>;

export type DiagnosticCode = keyof typeof diagnosticCodes;
