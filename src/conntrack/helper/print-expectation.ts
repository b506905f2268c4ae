import { type Address, familyOf, printAddress } from "../../packet/address.ts";
import type { Expectation } from "./expectations.ts";

/** One line of `conntrack -L expect`, blanks collapsed; `left` is in seconds. The source may have any port; of its zone nothing is said. */
export function printExpectation(expectation: Expectation, left: number): string {
  const { master, protocol, source, destination, destinationPort } = expectation;
  const { original, helper } = master;
  const mask = printAddress(allOnes(source));
  return [
    `${Math.floor(left)} proto=${protocol}`,
    `src=${printAddress(source)} dst=${printAddress(destination)} sport=0 dport=${destinationPort}`,
    `mask-src=${mask} mask-dst=${mask} sport=0 dport=65535`,
    `master-src=${printAddress(original.source)} master-dst=${printAddress(original.destination)}`,
    `sport=${original.sourcePort} dport=${original.destinationPort}`,
    "class=0",
    `helper=${helper}`,
  ].join(" ");
}

const allOnes = (address: Address): Address =>
  familyOf(address) === "ipv4" ? 0xffffffff : (1n << 128n) - 1n;
