import { bareString } from "../../arg-types/bare-string.ts";
import { integer } from "../../arg-types/integer.ts";
import { and, masked } from "../../formula/formula.ts";
import { fields } from "../../packet/fields.ts";
import { defineMatch } from "../extension.ts";
import { told } from "../told.ts";

const syn = 2;

export const osf = defineMatch({
  name: "osf",
  summary: "The operating system that a SYN looks like, as `--genre` of the packet says",
  validIn: { families: ["ipv4"], protocols: [6], hooks: ["PREROUTING", "INPUT", "FORWARD"] },
  options: {
    genre: {
      arg: bareString("name", 31, ["Linux", "Windows"]),
      help: "its name in the fingerprints that were loaded (nfnl_osf); Linux keeps the `!` and does not mind it",
      invertible: true,
      required: true,
    },
    ttl: {
      arg: integer({ min: 0, max: 2 }),
      help: "how the TTL counts: 0 as it is, 1 at most, 2 not at all",
    },
    log: { arg: integer({ min: 0, max: 2 }), help: "log what was found; the rule then takes any genre" },
  },
  meaning({ genre: { value }, log }) {
    const named = told(
      log ? "has a known fingerprint" : `fingerprint is ${value}'s`,
      ({ genre }) => (genre === undefined ? undefined : log !== undefined || genre === value),
      false,
      "fingerprints of operating systems are not known: none was told to fit (`--genre` of the packet)",
    );
    return and(masked(fields.tcpFlags, syn, syn), named);
  },
  examples: [
    {
      rule: "-p tcp -m osf --log 0 --ttl 2 --genre Linux",
      saves: "-p tcp -m osf --genre Linux --ttl 2 --log 0",
    },
    { rule: "-p tcp -m osf --genre Linux", packet: "-p tcp --syn --genre Linux", matches: true },
    { rule: "-p tcp -m osf --genre Linux", packet: "-p tcp --tcp-flags ACK --genre Linux", matches: false },
    { rule: "-p tcp -m osf --genre Linux --ttl 3", refused: "bad-value" },
    { rule: "-p tcp -m osf", refused: "option-missing" },
    { rule: "-m osf --genre Linux", refused: "wrong-place" },
  ],
});
