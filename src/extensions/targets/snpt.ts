import { defineTarget } from "../extension.ts";
import { prefixOptions, prefixProblems, translatePrefix } from "../prefix-translation.ts";

export const snpt = defineTarget({
  name: "SNPT",
  summary: "Replaces the prefix of the source address and keeps its checksum (RFC 6296), and goes on",
  validIn: { families: ["ipv6"], tables: ["mangle"], hooks: ["INPUT", "POSTROUTING"] },
  options: prefixOptions,
  check: (args) => prefixProblems(args),
  effects: (args) => [translatePrefix("source", args)],
  examples: [
    {
      rule: "-j SNPT --dst-pfx 2001:db8:7::/48 --src-pfx fd00::/48",
      saves: "-j SNPT --src-pfx fd00::/48 --dst-pfx 2001:db8:7::/48",
    },
    { rule: "-j SNPT --src-pfx fd00::/48", refused: "option-missing" },
    { rule: "-j SNPT --src-pfx fd00::/80 --dst-pfx 2001:db8::/80", refused: "kernel-refuses" },
    { rule: "-j SNPT --src-pfx fd00::1/64 --dst-pfx 2001:db8::/64", refused: "kernel-refuses" },
    {
      rule: "-j SNPT --src-pfx fd00::/64 --dst-pfx 2001:db8::/64",
      at: "mangle/PREROUTING",
      refused: "wrong-place",
    },
  ],
});
