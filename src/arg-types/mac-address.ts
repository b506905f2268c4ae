import { type ArgType, bad, ok } from "./arg-type.ts";

/** Six bytes in hexadecimal with colons, an empty one for 0; the value is the address as a 48-bit number (XTTYPE_ETHERMAC). */
export const macAddress: ArgType<number> = {
  placeholder: "XX:XX:XX:XX:XX:XX",
  words: 1,
  parse([text = ""]) {
    const bytes = text.split(":");
    const sound =
      bytes.length === 6 && bytes.every((byte) => byte.length <= 2 && /^\+?[0-9a-f]*$/i.test(byte));
    if (!sound) return bad("Invalid MAC address specified.");
    return ok(bytes.reduce((value, byte) => value * 256 + (Number.parseInt(byte, 16) || 0), 0));
  },
  print: (value) =>
    value
      .toString(16)
      .padStart(12, "0")
      .replace(/..(?!$)/g, "$&:"),
  samples: [0, 0x005056123456, 0xffffffffffff],
};
