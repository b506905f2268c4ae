import { type ArgType, bad, ok } from "./arg-type.ts";
import { servicePort } from "./services.ts";

const mostOfInt = 2n ** 31n;

/**
 * A port as getaddrinfo(3) reads a service: decimal without a bound, of which the lower 16 bits count, nothing at all for 0,
 * or a name (xtables_getportbyname).
 */
export const resolvedPort: ArgType<number> = {
  placeholder: "port",
  words: 1,
  parse([text = ""]) {
    const digits = /^[\t-\r ]*\+?([0-9]+)$/.exec(text)?.[1] ?? (text === "" ? "0" : undefined);
    const number = digits === undefined ? -1n : BigInt.asIntN(32, BigInt(digits));
    const port = number >= 0n && number < mostOfInt ? Number(number & 0xffffn) : servicePort(text, undefined);
    return port === undefined ? bad(`Port "${text}" does not resolve to anything.`) : ok(port);
  },
  print: String,
  samples: [0, 80, 65535],
};
