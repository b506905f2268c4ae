import { type ArgType, bad, ok, type Result } from "./arg-type.ts";
import { parseNumber } from "./number.ts";
import { servicePort } from "./services.ts";

/** xtables_parse_port: a number of C's notation or the name of a service of this protocol. */
export function parsePort(text: string, protocol: number | undefined): Result<number> {
  const value = parseNumber(text, 0, 65535) ?? servicePort(text, protocol);
  return value === undefined ? bad(`invalid port/service \`${text}' specified`) : ok(value);
}

/** One port (XTTYPE_PORT). */
export const port: ArgType<number> = {
  placeholder: "port",
  words: 1,
  parse: ([text = ""], site) => parsePort(text, site.protocol),
  print: String,
  samples: [0, 22, 65535],
};
