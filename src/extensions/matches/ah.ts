import { flag } from "../../arg-types/arg-type.ts";
import { integer } from "../../arg-types/integer.ts";
import { integerRange } from "../../arg-types/integer-range.ts";
import { always, and, hotdropIf, invertIf, opaque } from "../../formula/formula.ts";
import type { Context } from "../../packet/context.ts";
import { fields } from "../../packet/fields.ts";
import { type AuthenticationHeader, findAuthentication } from "../authentication-header.ts";
import { defineMatch } from "../extension.ts";
import { misplaced } from "../problem.ts";
import { rangeOf } from "../range-of.ts";
import { wholeHeader } from "../transport-header.ts";

const max = 2 ** 32 - 1;

const malformed = opaque("AH is cut short", ({ packet }) => findAuthentication(packet) === "malformed");

const header = (key: string, test: (found: AuthenticationHeader) => boolean) =>
  opaque(key, ({ packet }: Context) => {
    const found = findAuthentication(packet);
    return found !== undefined && found !== "malformed" && test(found);
  });

export const ah = defineMatch({
  name: "ah",
  summary: "The authentication header: IPv4's protocol 51, an extension header in IPv6",
  options: {
    ahspi: {
      arg: integerRange(max, "spi[:spi]"),
      help: "the security parameters index or a range of them",
      invertible: true,
      fallback: [0, max],
      omitFallback: true,
      omitInverted: true,
    },
    ahlen: {
      arg: integer({ min: 0, max }),
      help: "bytes of the header; 0 is any",
      families: ["ipv6"],
      invertible: true,
      fallback: 0,
      omitFallback: true,
    },
    ahres: { arg: flag, help: "the reserved field is 0", families: ["ipv6"] },
  },
  check(_, { family, protocol }) {
    if (family === "ipv6") return [];
    if (protocol?.value === 51 && !protocol.inverted) return [];
    return [misplaced("`ah` is only valid for protocol 51")];
  },
  meaning({ ahspi, ahlen, ahres }, { family }) {
    if (family === "ipv4") return and(...wholeHeader(12), rangeOf(fields.ahSpi, ahspi));
    const [low, high] = ahspi.value;
    const lengthIs = header(`AH length ${ahlen.value}`, ({ length }) => length === ahlen.value);
    return and(
      hotdropIf(malformed, "the authentication header is cut short"),
      header("has an AH", () => true),
      invertIf(
        ahspi.inverted,
        header(`AH SPI ${low}:${high}`, ({ spi }) => spi >= low && spi <= high),
      ),
      ahlen.value === 0 ? always : invertIf(ahlen.inverted, lengthIs),
      ahres ? header("AH reserved field is 0", ({ reserved }) => reserved === 0) : always,
    );
  },
  examples: [
    { rule: "-p ah --ahspi 0x100 -j ACCEPT", saves: "-p ah -m ah --ahspi 256 -j ACCEPT" },
    {
      rule: "-m ah ! --ahspi 5: --ahres --ahlen 24",
      family: "ipv6",
      saves: "-m ah ! --ahspi 5:4294967295 --ahlen 24 --ahres",
    },
    { rule: "-p ah --ahspi foo", refused: "bad-value" },
    { rule: "-m ah --ahspi 5", refused: "wrong-place" },
    { rule: "-p ah -m ah --ahres", refused: "unknown-option" },
  ],
});
