import { protocolByName, protocolName } from "../packet/protocols.ts";
import { type ArgType, bad, ok, type Result } from "./arg-type.ts";
import { parseNumber } from "./number.ts";

/** A protocol's name in any case or its number of 0 to 255; 0 means every protocol (xtables_parse_protocol). */
export function parseProtocol(text: string): Result<number> {
  const name = text.toLowerCase();
  const value = parseNumber(name, 0, 255) ?? protocolByName(name);
  return value === undefined ? bad(`unknown protocol "${name}" specified`) : ok(value);
}

/** A protocol, printed by name. */
export const protocol: ArgType<number> = {
  placeholder: "protocol",
  words: 1,
  parse: ([text = ""]) => parseProtocol(text),
  print: protocolName,
  samples: [0, 6, 17, 50, 255],
};

/** The same for options that print the number, as `--ctproto`; its field has 8 bits. */
export const protocolNumber: ArgType<number> = {
  ...protocol,
  parse([text = ""]) {
    const read = parseProtocol(text);
    return read.ok ? ok(read.value & 255) : read;
  },
  print: String,
};
