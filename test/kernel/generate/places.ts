import { parseAddress } from "../../../src/packet/address.ts";
import { fromHex } from "../../../src/packet/hex.ts";
import { standardHost } from "../standard-host.ts";
import type { Dice } from "./dice.ts";

/** Where a side of a flow sits: beyond an interface, or on the host itself (no device). */
export interface Place {
  readonly address: number;
  readonly device: string | undefined;
  /** The MAC that its frames come from: its own or its router's. */
  readonly mac: Uint8Array;
}

export const macBytes = (text: string): Uint8Array => fromHex(text.replaceAll(":", ""));

/** An IPv4 address of this file's own text. */
export function ipv4(text: string): number {
  const address = parseAddress(text);
  if (typeof address !== "number") throw new Error(`not an IPv4 address: ${text}`);
  return address;
}

const noMac = new Uint8Array(6);

/** The known neighbours, but for the router. */
export const neighbours: readonly Place[] = standardHost.neighbours
  .filter(({ address }) => address.includes(".") && address !== "192.0.2.254")
  .map(({ device, address, mac }) => ({ address: ipv4(address), device, mac: macBytes(mac) }));

const router = standardHost.neighbours.find(({ address }) => address === "192.0.2.254")!;

/** Hosts of the Internet, behind the default router. */
export const remotes: readonly Place[] = ["198.51.100.7", "203.0.113.66", "8.8.8.8"].map((address) => ({
  address: ipv4(address),
  device: router.device,
  mac: macBytes(router.mac),
}));

/** The host's own addresses. */
export const own: readonly Place[] = standardHost.interfaces.flatMap(({ addresses }) =>
  addresses
    .filter((address) => address.includes("."))
    .map((address) => ({ address: ipv4(address.split("/")[0]!), device: undefined, mac: noMac })),
);

/** The MAC of the host's interface. */
export const hostMac = (device: string): Uint8Array =>
  macBytes(standardHost.interfaces.find(({ name }) => name === device)!.mac);

/** The interface by which the host reaches an address; `undefined` for its own. */
export function deviceTowards(address: number): string | undefined {
  if (own.some((place) => place.address === address)) return undefined;
  const network = own.findIndex((place) => place.address >>> 8 === address >>> 8);
  return standardHost.interfaces[Math.max(0, network)]!.name;
}

/** Anywhere outside the host; neighbours more often than remote hosts. */
export const elsewhere = (dice: Dice): Place => dice.of(dice.maybe(0.65) ? neighbours : remotes);
