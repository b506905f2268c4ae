import { defineTarget } from "../extension.ts";
import { prefixOptions, prefixProblems, translatePrefix } from "../prefix-translation.ts";

export const dnpt = defineTarget({
  name: "DNPT",
  summary: "Replaces the prefix of the destination address and keeps its checksum (RFC 6296), and goes on",
  validIn: { families: ["ipv6"], tables: ["mangle"], hooks: ["PREROUTING", "OUTPUT"] },
  options: prefixOptions,
  check: (args) => prefixProblems(args),
  effects: (args) => [translatePrefix("destination", args)],
  examples: [
    {
      rule: "-j DNPT --dst-pfx 2001:db8:7::/48 --src-pfx fd00::/48",
      saves: "-j DNPT --src-pfx fd00::/48 --dst-pfx 2001:db8:7::/48",
    },
    { rule: "-j DNPT --src-pfx fd00::/48", refused: "option-missing" },
    { rule: "-j DNPT --src-pfx fd00::/80 --dst-pfx 2001:db8::/80", refused: "kernel-refuses" },
    { rule: "-j DNPT --src-pfx fd00::1/64 --dst-pfx 2001:db8::/64", refused: "kernel-refuses" },
    {
      rule: "-j DNPT --src-pfx fd00::/64 --dst-pfx 2001:db8::/64",
      at: "mangle/POSTROUTING",
      refused: "wrong-place",
    },
  ],
});
