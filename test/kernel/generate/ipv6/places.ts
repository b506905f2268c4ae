import type { Dice } from "../dice.ts";
import { macBytes, neighbours, own, type Place, remotes } from "../places.ts";
import { ipv6, sixOf } from "./addresses.ts";

/** A place of the IPv4 generator in IPv6. */
export interface Place6 extends Omit<Place, "address"> {
  readonly address: bigint;
}

const sixPlace = (place: Place): Place6 => ({ ...place, address: sixOf(place.address) });

export const neighbours6: readonly Place6[] = neighbours.map(sixPlace);
export const remotes6: readonly Place6[] = remotes.map(sixPlace);
export const own6: readonly Place6[] = own.map(sixPlace);

/** The same neighbours by their addresses of the link. */
export const linkLocals: readonly Place6[] = neighbours6.map((place) => ({
  ...place,
  address: ipv6("fe80::") | (place.address & 0xffffn),
}));

/** The same ones by the addresses of their networks that they made of their Ethernet addresses (RFC 4291, appendix A). */
export const euiPlaces: readonly Place6[] = neighbours6.map((place) => ({
  ...place,
  address: ((place.address >> 64n) << 64n) | identifierOf(place.mac),
}));

function identifierOf(mac: Uint8Array): bigint {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = mac;
  return [a ^ 2, b, c, 0xff, 0xfe, d, e, f].reduce((all, byte) => (all << 8n) | BigInt(byte), 0n);
}

export const elsewhere6 = (dice: Dice): Place6 => dice.of(dice.maybe(0.65) ? neighbours6 : remotes6);

/** Two places with the host between them or at one end. */
export const ends6 = (dice: Dice): readonly [client: Place6, server: Place6] =>
  dice.weighed<() => readonly [Place6, Place6]>([
    [5, () => through(dice, elsewhere6(dice))],
    [3, () => [elsewhere6(dice), dice.of(own6)]],
    [2, () => [dice.of(own6), elsewhere6(dice)]],
    [0.2, () => [dice.of(own6), dice.of(own6)]],
  ])();

const through = (dice: Dice, client: Place6): readonly [Place6, Place6] => [
  client,
  dice.of([...neighbours6, ...remotes6].filter(({ device }) => device !== client.device)),
];

/** The Ethernet address of a group (RFC 2464, 7). */
export const groupMac = (group: bigint): Uint8Array =>
  macBytes(`3333${(group & 0xffffffffn).toString(16).padStart(8, "0")}`);
