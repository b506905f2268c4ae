import type { Family } from "../packet/address.ts";
import { formOf } from "../syntax/parse.ts";

/** Where comments in front of a dump end at the latest, in UTF-16 units. */
const headLength = 1 << 16;

/**
 * Guesses whose rules a text holds where nobody says so: by the file's name (`rules.v6`, `ip6tables.save`), by the program
 * that a script runs or a dump's first comment names, by the first address behind -s or -d.
 */
export function guessFamily(filename: string, text: string): Family {
  const name = filename.slice(filename.lastIndexOf("/") + 1);
  if (/ip6|(?:^|[._-])(?:v6|ipv6)(?:[._-]|$)/i.test(name)) return "ipv6";
  if (/(?:^|[._-])(?:v4|ipv4)(?:[._-]|$)/i.test(name)) return "ipv4";
  // a dump says it in its first line, if it does
  const told = formOf(text) === "save" ? text.slice(0, headLength) : text;
  const six = /\bip6tables/.test(told);
  if (six !== /\biptables/.test(told)) return six ? "ipv6" : "ipv4";
  return familyOfAddresses(text) ?? (/\bicmp6-|\bipv6-icmp\b/.test(text) ? "ipv6" : "ipv4");
}

/** By the first rule that has an address of either family. */
function familyOfAddresses(text: string): Family | undefined {
  const rules = /^(?:\[\d+:\d+\] ?)?-A .*\s(?:-s|-d|--source|--destination)\s+(\S+)/gm;
  for (let rule = rules.exec(text); rule !== null; rule = rules.exec(text)) {
    const address = rule[1]!;
    if (/:[0-9a-f]*:/i.test(address)) return "ipv6";
    if (/^\d+\.\d+\.\d+\.\d+/.test(address)) return "ipv4";
  }
  return undefined;
}
