import { type Address, type Family, familyOf, parseAddress } from "../packet/address.ts";
import { type JsonObject, numberOf, textOf } from "./ip-json-values.ts";
import type { PolicyRule, RuleAction } from "./policy-rule.ts";
import { makePrefix, type Prefix } from "./prefix.ts";
import { joinRealms, tableOf } from "./read-routes.ts";

const selectorsNotAsked = [
  "ipproto",
  "sport",
  "dport",
  "sport_start",
  "dport_start",
  "uid_start",
  "l3mdev",
  "tun_id",
  "flowlabel",
];

/** One object of `ip -j rule`; a text says why it cannot be read. A rule without addresses is of the family given. */
export function readRule(entry: JsonObject, family: Family = "ipv4"): PolicyRule | string {
  const priority = numberOf(entry, "priority");
  if (priority === undefined) return "no `priority`";
  const from = prefixOf(entry, "src");
  const to = prefixOf(entry, "dst");
  if (from === "bad" || to === "bad") return `addresses that cannot be read: ${JSON.stringify(entry)}`;
  const action = actionOf(entry);
  if (action === undefined) return `an action that is not known: ${JSON.stringify(entry)}`;
  const mark = numberOf(entry, "fwmark");
  return {
    family: familyOfRule(family, from, to),
    priority,
    inverted: "not" in entry,
    from,
    to,
    tos: numberOf(entry, "tos") ?? 0,
    mark:
      mark === undefined ? undefined : { value: mark, mask: (numberOf(entry, "fwmask") ?? 0xffffffff) | 0 },
    inDevice: textOf(entry, "iif"),
    outDevice: textOf(entry, "oif"),
    action,
    suppressPrefixLength: numberOf(entry, "suppress_prefixlen"),
    realms: joinRealms(numberOf(entry, "flow_from"), numberOf(entry, "flow_to")),
    unknown: selectorsNotAsked.filter((key) => key in entry),
  };
}

const familyOfRule = (otherwise: Family, ...prefixes: readonly (Prefix | undefined)[]): Family => {
  const one = prefixes.find((prefix) => prefix !== undefined);
  return one === undefined ? otherwise : familyOf(one.address);
};

function prefixOf(entry: JsonObject, key: "src" | "dst"): Prefix | undefined | "bad" {
  const text = textOf(entry, key);
  if (text === undefined || text === "all") return undefined;
  const address: Address | undefined = parseAddress(text);
  if (address === undefined) return "bad";
  const bits = typeof address === "number" ? 32 : 128;
  const length = numberOf(entry, `${key}len`) ?? bits;
  return length > bits ? "bad" : makePrefix(address, length);
}

function actionOf(entry: JsonObject): RuleAction | undefined {
  const action = textOf(entry, "action");
  switch (action) {
    case undefined:
    case "to_tbl":
    case "lookup": {
      const target = numberOf(entry, "goto");
      return target === undefined
        ? { kind: "table", table: tableOf(entry) }
        : { kind: "goto", priority: target };
    }
    case "goto": {
      const target = numberOf(entry, "target") ?? numberOf(entry, "goto");
      return target === undefined ? undefined : { kind: "goto", priority: target };
    }
    case "nop":
    case "blackhole":
    case "unreachable":
    case "prohibit":
      return { kind: action };
    default:
      return undefined;
  }
}
