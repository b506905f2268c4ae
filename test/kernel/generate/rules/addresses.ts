import { printAddress } from "../../../../src/packet/address.ts";
import type { Dice } from "../dice.ts";
import { elsewhere, ipv4, neighbours, own, remotes } from "../places.ts";

const someAddress = (dice: Dice): number => dice.of([...neighbours, ...own, ...remotes]).address;

const dotted = (bits: number): string => printAddress(bits === 0 ? 0 : (0xffffffff << (32 - bits)) >>> 0);

/** `-s` or `-d` with an address, a network, a list or their negation; mostly one that the address is in. */
export function addressOption(dice: Dice, flag: "-s" | "-d", address: number): string {
  const text = printAddress(address);
  const other = printAddress(someAddress(dice));
  return dice.weighed<() => string>([
    [4, () => `${flag} ${text}`],
    [4, () => `${flag} ${text}/${dice.of([8, 16, 24, 29, 32])}`],
    [1, () => `${flag} ${text}/${dotted(dice.of([8, 24, 30]))}`],
    // a mask with holes
    [0.5, () => `${flag} ${text}/${dice.of(["255.0.255.0", "0.0.0.255", "255.255.0.255"])}`],
    [1, () => `${flag} ${text},${other}/24`],
    [1, () => `! ${flag} ${other}/${dice.of([24, 32])}`],
    [0.5, () => `! ${flag} ${text}`],
    [0.3, () => `${flag} 0.0.0.0/0`],
  ])();
}

export const interfaceOption = (dice: Dice, flag: "-i" | "-o", device: string): string =>
  dice.weighed([
    [5, `${flag} ${device}`],
    [2, `${flag} ${device.slice(0, -1)}+`],
    [0.5, `${flag} +`],
    [1.5, `! ${flag} ${dice.of(["eth0", "eth1", "eth2", "lo"])}`],
    [0.5, `${flag} ${dice.of(["eth0", "eth1", "eth2", "lo"])}`],
  ]);

export function rangeMatch(dice: Dice, source: number, destination: number): string {
  const range = (address: number): string => {
    if (dice.maybe(0.2))
      return dice.of(["10.0.0.5-10.0.0.9", "192.0.2.5-192.0.2.60", "172.16.0.0-172.31.255.255"]);
    const from = Math.max(0, address - dice.of([0, 0, 3, 300]));
    return `${printAddress(from)}-${printAddress(Math.min(0xffffffff, address + dice.of([0, 1, 20])))}`;
  };
  const part = (flag: string, address: number) =>
    `${dice.maybe(0.15) ? "! " : ""}--${flag}-range ${range(address)}`;
  const parts = dice.weighed([
    [2, [part("src", source)]],
    [2, [part("dst", destination)]],
    [1, [part("src", source), part("dst", destination)]],
  ]);
  return `-m iprange ${parts.join(" ")}`;
}

/** Where DNAT may send packets: hosts that are there. */
const natDestination = (dice: Dice): string =>
  printAddress(dice.maybe(0.85) ? elsewhere(dice).address : dice.of(own).address);

/** Nobody but the host's known neighbours and those behind the router: who is not there, Linux reports as unreachable seconds later. */
export const natDestinations = (dice: Dice): string =>
  dice.maybe(0.2) ? dice.of(["10.0.0.9-10.0.0.10", "172.16.5.2-172.16.5.2"]) : natDestination(dice);

export const natSources = (dice: Dice): string =>
  dice.maybe(0.2)
    ? dice.of(["192.0.2.9-192.0.2.10", "10.0.0.9-10.0.0.10", "203.0.113.20-203.0.113.30"])
    : natSource(dice);

const natSource = (dice: Dice): string =>
  printAddress(dice.of([...own.map(({ address }) => address), ipv4("192.0.2.33"), ipv4("10.0.0.77")]));
