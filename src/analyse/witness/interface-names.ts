import type { Ruleset } from "../../model/ruleset.ts";

/** Names that everybody knows. */
const known = ["eth0", "eth1", "eth2", "wan0"];

/** Bridges that the host's own guests are on: people think of packets from elsewhere first. */
const forGuests = /^(?:docker|br-|virbr|veth|lxc|lxd|cni|flannel|cali)/;

/** The interfaces that rules name, ones that a prefix allows among them; the loopback device comes last. */
export function interfaceNames(...rulesets: readonly Ruleset[]): readonly string[] {
  const names = new Set<string>();
  for (const { tables } of rulesets) {
    for (const table of tables.values()) {
      for (const { rules } of table.chains.values()) {
        for (const { spec } of rules) {
          for (const end of [spec.inInterface, spec.outInterface])
            if (end) names.add(end.value.replace(/\+$/, "0"));
        }
      }
    }
  }
  names.delete("lo");
  const usual = known.filter((name) => names.has(name));
  const outer = [...names].filter((name) => !forGuests.test(name));
  return [...new Set([...usual, ...outer, ...(outer.length > 0 ? names : []), ...known, ...names, "lo"])];
}
