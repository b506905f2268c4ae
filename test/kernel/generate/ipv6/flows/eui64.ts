import { datagram, type Flow6, sent } from "../flow.ts";
import { euiPlaces, own6, remotes6 } from "../places.ts";

/** A datagram from an address that its sender made of its Ethernet address. */
export const eui64Flow: Flow6 = (dice) => {
  const client = dice.of(euiPlaces);
  const server = dice.of([...own6, ...remotes6]);
  return [sent(client, datagram(dice, client, server.address))];
};
