import { type Address, type Family, familyOf, parseAddress } from "../packet/address.ts";
import { protocolByName } from "../packet/protocols.ts";
import { type JsonObject, numberOf, textOf } from "./ip-json-values.ts";
import type { NumberRange, PolicyRule, RuleAction } from "./policy-rule.ts";
import { makePrefix, type Prefix } from "./prefix.ts";
import { joinRealms, tableOf } from "./read-routes.ts";

const selectorsNotAsked = ["sport_mask", "dport_mask", "l3mdev", "tun_id", "flowlabel"];

/** One object of `ip -j rule`; a text says why it cannot be read. A rule without addresses is of the family given. */
export function readRule(entry: JsonObject, family: Family = "ipv4"): PolicyRule | string {
  const priority = numberOf(entry, "priority");
  if (priority === undefined) return "no `priority`";
  const from = prefixOf(entry, "src");
  const to = prefixOf(entry, "dst");
  if (from === "bad" || to === "bad") return `addresses that cannot be read: ${JSON.stringify(entry)}`;
  const action = actionOf(entry);
  if (action === undefined) return `an action that is not known: ${JSON.stringify(entry)}`;
  const protocol = protocolOf(entry);
  if (protocol === "bad") return `a protocol that is not known: ${JSON.stringify(entry)}`;
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
    protocol,
    sourcePorts: rangeOf(entry, "sport"),
    destinationPorts: rangeOf(entry, "dport"),
    uids: rangeOf(entry, "uid"),
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

/** By name where /etc/protocols of the host has one, else `ipproto-N`. */
function protocolOf(entry: JsonObject): number | undefined | "bad" {
  const number = numberOf(entry, "ipproto");
  const text = textOf(entry, "ipproto");
  if (text === undefined || number !== undefined) return number;
  const unnamed = /^ipproto-(\d+)$/.exec(text)?.[1];
  return (unnamed === undefined ? protocolByName(text) : Number(unnamed)) ?? "bad";
}

/** `name`, or `name_start` and `name_end`. */
function rangeOf(entry: JsonObject, name: string): NumberRange | undefined {
  const low = numberOf(entry, name) ?? numberOf(entry, `${name}_start`);
  return low === undefined ? undefined : { low, high: numberOf(entry, `${name}_end`) ?? low };
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
