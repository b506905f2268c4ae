import { writeAddress } from "../../../../../src/packet/address.ts";
import type { Dice } from "../../dice.ts";
import { icmpBytes } from "../../transport.ts";
import { ipv6 } from "../addresses.ts";
import { ipv6Packet } from "../build.ts";
import { type Flow6, sent } from "../flow.ts";
import { linkLocals, neighbours6, own6, type Place6 } from "../places.ts";

const solicitedNode = (address: bigint): bigint => ipv6("ff02::1:ff00:0") | (address & 0xffffffn);

const body = (target: bigint, options: readonly number[] = []): Uint8Array => {
  const bytes = new Uint8Array(16 + options.length);
  writeAddress(bytes, 0, target);
  bytes.set(options, 16);
  return bytes;
};

const linkOption = (type: number, { mac }: Place6): number[] => [type, 1, ...mac];

/** Neighbour discovery and listener messages (RFC 4861, RFC 3810), the way that hosts send them and in wrong ways. */
export const discoveryFlow: Flow6 = (dice) => {
  const place = dice.of(dice.maybe(0.5) ? linkLocals : neighbours6);
  const device = place.device;
  const mine = own6.find((_, index) => `eth${index}` === device)!;
  const hopLimit = dice.maybe(0.85) ? 255 : 64;
  const message = (destination: bigint, payload: Uint8Array, source = place.address, limit = hopLimit) =>
    sent(
      place,
      ipv6Packet({ source, destination, protocol: 58, hopLimit: limit, payload }, wrongAtTimes(dice)),
    );
  const wish = (target: bigint, destination: bigint) =>
    message(destination, icmpBytes(135, 0, 0, body(target, linkOption(1, place))));
  return [
    dice.weighed([
      [4, () => wish(mine.address, solicitedNode(mine.address))],
      [2, () => wish(mine.address, mine.address)],
      [1, () => wish(ipv6("2001:db8::aaaa"), solicitedNode(ipv6("2001:db8::aaaa")))],
      // somebody looks whether the address that he wants is taken
      [
        1,
        () =>
          message(solicitedNode(mine.address), icmpBytes(135, 0, 0, body(ipv6("2001:db8::77:77"))), 0n, 255),
      ],
      [
        2,
        () => message(mine.address, icmpBytes(136, 0, 0x60000000, body(place.address, linkOption(2, place)))),
      ],
      [
        1,
        () =>
          message(ipv6("ff02::1"), icmpBytes(136, 0, 0x20000000, body(place.address, linkOption(2, place)))),
      ],
      [2, () => message(ipv6("ff02::2"), icmpBytes(133, 0, 0, Uint8Array.from(linkOption(1, place))))],
      [2, () => message(ipv6("ff02::1"), icmpBytes(134, 0, 0x40000708, new Uint8Array(8)))],
      // discovery that a router would have to pass on
      [1, () => wish(mine.address, dice.of(neighbours6).address)],
      [1, () => redirect(dice, place)],
      [1.5, () => listenerReport(place, dice)],
    ])(),
  ];
};

const wrongAtTimes = (dice: Dice) => (dice.maybe(0.1) ? "wrong" : "right");

/** A redirect that quotes a packet which the host may have sent. */
function redirect(dice: Dice, place: Place6) {
  const mine = dice.of(own6);
  const quoted = ipv6Packet({
    source: mine.address,
    destination: dice.of(neighbours6).address,
    protocol: 17,
    payload: new Uint8Array(8),
  });
  const options = [4, 1 + quoted.length / 8, 0, 0, 0, 0, 0, 0, ...quoted];
  const payload = icmpBytes(137, 0, 0, Uint8Array.from([...body(place.address), ...body(1n), ...options]));
  const hopLimit = dice.of([255, 64]);
  return sent(
    place,
    ipv6Packet({ source: place.address, destination: mine.address, protocol: 58, hopLimit, payload }),
  );
}

function listenerReport(place: Place6, dice: Dice) {
  const destination = ipv6("ff02::16");
  const record = [4, 0, 0, 0, ...body(ipv6("ff05::5"))];
  const report = icmpBytes(143, 0, 1, Uint8Array.from(record));
  const bare = ipv6Packet({
    source: place.address,
    destination,
    protocol: 58,
    hopLimit: 1,
    payload: report,
  });
  if (dice.maybe(0.3)) return sent(place, bare);
  const routerAlert = [58, 0, 5, 2, 0, 0, 1, 0];
  const payload = Uint8Array.from([...routerAlert, ...bare.slice(40)]);
  return sent(
    place,
    ipv6Packet({ source: place.address, destination, protocol: 0, hopLimit: 1, payload }, "right"),
  );
}
