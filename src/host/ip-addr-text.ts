import type { JsonObject } from "./ip-json-values.ts";

/**
 * Reads what `ip addr` prints for people as the objects that `ip -j addr` would print. Lines that it does not know say
 * nothing that a host is asked for (lifetimes, altnames …).
 */
export function readIpAddrText(text: string): readonly JsonObject[] {
  const interfaces: {
    readonly head: JsonObject;
    readonly link: JsonObject;
    readonly addresses: JsonObject[];
  }[] = [];
  for (const line of text.split("\n")) {
    const words = line.trim().split(/\s+/);
    const head = /^(\d+): ([^:@\s]+)(?:@\S+)?: <([^>]*)>(.*)/.exec(line);
    if (head) {
      const [, index = "", name = "", flags = "", rest = ""] = head;
      const mtu = Number(/\bmtu (\d+)/.exec(rest)?.[1] ?? 1500);
      const found = {
        ifindex: Number(index),
        ifname: name,
        flags: flags.split(","),
        mtu,
        ...optional("master", rest),
        ...optional("group", rest),
      };
      interfaces.push({ head: found, link: {}, addresses: [] });
      continue;
    }
    const present = interfaces.at(-1);
    if (!present) continue;
    const [kind = "", value = ""] = words;
    if (kind.startsWith("link/")) {
      Object.assign(present.link, { link_type: kind.slice("link/".length), address: value });
    } else if (kind === "inet" || kind === "inet6") {
      present.addresses.push(addressOf(kind, words));
    }
  }
  return interfaces.map(({ head, link, addresses }) => ({ ...head, ...link, addr_info: addresses }));
}

/** The word behind a name, as a member of that name; `{}` where it is not there. */
function optional(name: string, text: string): JsonObject {
  const value = new RegExp(`\\b${name} (\\S+)`).exec(text)?.[1];
  return value === undefined ? {} : { [name]: value };
}

/** `inet 192.0.2.1/24 brd 192.0.2.255 scope global secondary eth0` */
function addressOf(family: string, words: readonly string[]): JsonObject {
  const [local = "", length] = (words[1] ?? "").split("/");
  const behind = (word: string): string | undefined => {
    const at = words.indexOf(word);
    return at < 0 ? undefined : words[at + 1];
  };
  const broadcast = behind("brd");
  return {
    family,
    local,
    prefixlen: Number(length ?? (family === "inet" ? 32 : 128)),
    ...(broadcast === undefined ? {} : { broadcast }),
    scope: behind("scope") ?? "global",
    ...(words.includes("secondary") ? { secondary: true } : {}),
    ...(words.includes("deprecated") ? { deprecated: true } : {}),
  };
}
