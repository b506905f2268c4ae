import { type ArgType, bad, ok, type Result } from "./arg-type.ts";
import { optionOf, ownerOf } from "./option-message.ts";
import { parsePort } from "./port.ts";
import { savedNumberEnd } from "./saved-number.ts";
import { servicePort } from "./services.ts";

export type PortRange = readonly [low: number, high: number];
export const anyPort: PortRange = [0, 65535];

const shape = {
  placeholder: "port[:port]",
  words: 1,
  print: ([low, high]: PortRange) => (low === high ? `${low}` : `${low}:${high}`),
  savedEnd: (text: string, start: number, end: number) => savedNumberEnd(text, start, end, 65535),
  samples: [[22, 22], [1024, 65535], [0, 1023], anyPort],
} as const;

/** `port`, `port:port`, `port:` or `:port` in ascending order, as libxt_tcp and libxt_sctp read it. */
export const portRange: ArgType<PortRange> = {
  ...shape,
  parse([text = ""], site) {
    const colon = text.indexOf(":");
    const [from, to] = colon < 0 ? [text, text] : [text.slice(0, colon), text.slice(colon + 1)];
    const low = colon >= 0 && from === "" ? ok(0) : parsePort(from, site.protocol);
    if (!low.ok) return low;
    const high = colon >= 0 && to === "" ? ok(65535) : parsePort(to, site.protocol);
    if (!high.ok) return high;
    if (low.value > high.value) return bad("invalid portrange (min > max)");
    return ok([low.value, high.value]);
  },
};

/**
 * The same as libxtables' XTTYPE_PORTRC reads it, for udp and conntrack: through getaddrinfo(3), so numbers are decimal and
 * their low 16 bits count, service names of any protocol are taken, and the bounds may stand in the wrong order.
 */
export const serviceRange: ArgType<PortRange> = {
  ...shape,
  parse([text = ""], site) {
    const parts = text.split(":");
    if (parts.length > 2) {
      return bad(`${ownerOf(site)}Too many components for option ${optionOf(site)} (max: 2)`);
    }
    const [from = "", to = from] = parts;
    const low = parseService(from, 0);
    if (!low.ok) return low;
    const high = parseService(to, parts.length === 2 ? 65535 : 0);
    if (!high.ok) return high;
    const warning = low.warning ?? high.warning;
    return { ...ok([low.value, high.value] as const), ...(warning && { warning }) };
  },
};

/** One such port (XTTYPE_PORT in 1.8.9's libxt_ipvs). */
export const servicePortOf: ArgType<number> = {
  placeholder: "port",
  words: 1,
  parse: ([text = ""]) => parseService(text, 0),
  print: String,
  samples: [0, 22, 65535],
};

function parseService(text: string, whenEmpty: number): Result<number> {
  if (text === "") return ok(whenEmpty);
  if (/^[\t-\r ]*\+?[0-9]+$/.test(text)) {
    const value = BigInt(text.trim().replace("+", ""));
    const port = Number(value & 0xffffn);
    // to getaddrinfo(3) -1 as an int stands for no number at all
    if ((value & 0xffffffffn) === 0xffffffffn) return bad(`Port "${text}" does not resolve to anything.`);
    if (value <= 65535n) return ok(port);
    const message = `\`${text}\` is no port: iptables keeps its low 16 bits, which are ${port}`;
    const warning = { code: "truncated-value", message, help: "ports go up to 65535" } as const;
    // the number is kept in 32 bits with a sign, and a negative one is taken for a name
    if (value < 1n << 64n && BigInt.asIntN(32, value) >= 0n) return { ok: true, value: port, warning };
  }
  const named = servicePort(text, undefined);
  return named === undefined ? bad(`Port "${text}" does not resolve to anything.`) : ok(named);
}
