import type { Family } from "../packet/address.ts";

/**
 * Guesses whose rules a text holds where nobody says so: by the file's name (`rules.v6`, `ip6tables.save`), by the program
 * that a script runs or a dump's first comment names, by an IPv6 address behind -s or -d.
 */
export function guessFamily(filename: string, text: string): Family {
  const name = filename.slice(filename.lastIndexOf("/") + 1);
  if (/ip6|(?:^|[._-])(?:v6|ipv6)(?:[._-]|$)/i.test(name)) return "ipv6";
  if (/(?:^|[._-])(?:v4|ipv4)(?:[._-]|$)/i.test(name)) return "ipv4";
  const six = /\bip6tables/.test(text);
  if (six !== /\biptables/.test(text)) return six ? "ipv6" : "ipv4";
  const addresses = text.match(/^(?:\[\d+:\d+\] ?)?-A .*\s(?:-s|-d|--source|--destination)\s+\S+/gm) ?? [];
  return addresses.some((line) => /\s\S*:[0-9a-f]*:\S*$/i.test(line)) || /\bicmp6-|\bipv6-icmp\b/.test(text)
    ? "ipv6"
    : "ipv4";
}
