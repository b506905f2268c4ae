import type { Effect } from "../extensions/effect.ts";
import { bytesToAddress, printAddress } from "../packet/address.ts";
import type { Context } from "../packet/context.ts";
import { Packet } from "../packet/packet.ts";

type LogEffect = Extract<Effect, { kind: "log" }>;

/** The line that `-j LOG` writes to the kernel log, without its time stamp (net/netfilter/nf_log_syslog.c). */
export function logLine(effect: LogEffect, { packet, inDevice, outDevice }: Context): string {
  const mac =
    inDevice !== undefined && packet.ethernetHeader
      ? `MAC=${[...packet.ethernetHeader.subarray(0, 14)].map((byte) => hex(byte, 2)).join(":")} `
      : "";
  const owner = effect.uid && packet.owner ? `UID=${packet.owner.uid} GID=${packet.owner.gid} ` : "";
  const mark = packet.mark !== 0 ? `MARK=0x${packet.mark.toString(16)} ` : "";
  const devices = `IN=${inDevice ?? ""} OUT=${outDevice ?? ""} `;
  return `${effect.prefix}${devices}${mac}${describe(packet, effect, false)}${owner}${mark}`.trimEnd();
}

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, "0");

function describe(packet: Packet, effect: LogEffect, quoted: boolean): string {
  return network(packet) + transport(packet, effect, quoted);
}

function network(packet: Packet): string {
  const { bytes } = packet;
  const addresses = `SRC=${printLong(packet, "source")} DST=${printLong(packet, "destination")} `;
  if (packet.family === "ipv6") {
    const flow = ((bytes[1]! & 15) << 16) | (bytes[2]! << 8) | bytes[3]!;
    const trafficClass = ((bytes[0]! & 15) << 4) | (bytes[1]! >> 4);
    return `${addresses}LEN=${bytes.length} TC=${trafficClass} HOPLIMIT=${bytes[7]} FLOWLBL=${flow} `;
  }
  const tos = bytes[1]!;
  const id = (bytes[4]! << 8) | bytes[5]!;
  const flags = bytes[6]!;
  return (
    `${addresses}LEN=${(bytes[2]! << 8) | bytes[3]!} TOS=0x${hex(tos & 0x1e, 2).toUpperCase()} ` +
    `PREC=0x${hex(tos & 0xe0, 2).toUpperCase()} TTL=${bytes[8]} ID=${id} ` +
    `${flags & 0x80 ? "CE " : ""}${flags & 0x40 ? "DF " : ""}${flags & 0x20 ? "MF " : ""}` +
    (packet.fragmentOffset ? `FRAG:${packet.fragmentOffset} ` : "")
  );
}

/** IPv6 addresses are written out in full here (%pI6). */
function printLong(packet: Packet, end: "source" | "destination"): string {
  const address = packet[end];
  if (typeof address === "number") return printAddress(address);
  return hexGroups(address);
}

const hexGroups = (address: bigint): string =>
  address
    .toString(16)
    .padStart(32, "0")
    .replace(/.{4}(?!$)/g, "$&:");

function transport(packet: Packet, effect: LogEffect, quoted: boolean): string {
  const names: Readonly<Record<number, string>> = {
    1: "ICMP",
    6: "TCP",
    17: "UDP",
    50: "ESP",
    51: "AH",
    58: "ICMPv6",
    136: "UDPLITE",
  };
  const name = names[packet.protocol];
  if (name === undefined) return `PROTO=${packet.protocol} `;
  if (packet.fragmentOffset) return `PROTO=${name} `;
  const incomplete = `PROTO=${name} INCOMPLETE [${packet.transportLength} bytes] `;
  const word = (index: number) => packet.transportWord(index);
  switch (packet.protocol) {
    case 6:
      return packet.transportLength < 20 ? incomplete : tcp(packet, effect);
    case 17:
    case 136:
      if (packet.transportLength < 8) return incomplete;
      return `PROTO=${name} SPT=${word(0)} DPT=${word(2)} LEN=${word(4)} `;
    case 1:
      return packet.transportLength < 8 ? incomplete : icmp(packet, effect, quoted);
    case 58:
      return packet.transportLength < 8
        ? incomplete
        : `PROTO=ICMPv6 TYPE=${packet.transportByte(0)} CODE=${packet.transportByte(1)} ${icmpEcho(packet, [128, 129])}`;
    default:
      return packet.transportLength < 8
        ? incomplete
        : `PROTO=${name} SPI=0x${hex(long(packet, name === "AH" ? 4 : 0), 1)} `;
  }
}

const long = (packet: Packet, index: number): number =>
  packet.transportWord(index) * 65536 + packet.transportWord(index + 2);

function tcp(packet: Packet, effect: LogEffect): string {
  const flags = packet.transportByte(13);
  const names = ["CWR", "ECE", "URG", "ACK", "PSH", "RST", "SYN", "FIN"].filter(
    (_, i) => flags & (0x80 >> i),
  );
  const sequence = effect.tcpSequence ? `SEQ=${long(packet, 4)} ACK=${long(packet, 8)} ` : "";
  const optionBytes = packet.bytes.subarray(
    packet.transportOffset + 20,
    packet.transportOffset + (packet.transportByte(12) >> 4) * 4,
  );
  const options =
    effect.tcpOptions && optionBytes.length > 0
      ? `OPT (${[...optionBytes].map((byte) => hex(byte, 2).toUpperCase()).join("")}) `
      : "";
  return (
    `PROTO=TCP SPT=${packet.transportWord(0)} DPT=${packet.transportWord(2)} ${sequence}` +
    `WINDOW=${packet.transportWord(14)} RES=0x${hex((packet.transportByte(12) & 0x0f) << 2, 2)} ` +
    `${names.map((flag) => `${flag} `).join("")}URGP=${packet.transportWord(18)} ${options}`
  );
}

const icmpEcho = (packet: Packet, types: readonly number[]): string =>
  types.includes(packet.transportByte(0))
    ? `ID=${packet.transportWord(4)} SEQ=${packet.transportWord(6)} `
    : "";

function icmp(packet: Packet, effect: LogEffect, quoted: boolean): string {
  const type = packet.transportByte(0);
  const code = packet.transportByte(1);
  const head = `PROTO=ICMP TYPE=${type} CODE=${code} ${icmpEcho(packet, [0, 8])}`;
  const parameter = type === 12 ? `PARAMETER=${packet.transportByte(4)} ` : "";
  const gateway =
    type === 5 ? `GATEWAY=${printAddress(bytesToAddress(packet.bytes, packet.transportOffset + 4, 4))} ` : "";
  const inner = packet.bytes.subarray(packet.transportOffset + 8);
  const hasQuote = [3, 4, 5, 11, 12].includes(type) && !quoted && inner.length >= 20;
  const quote = hasQuote ? `[${describe(new Packet(inner), effect, true)}] ` : "";
  const mtu = type === 3 && code === 4 ? `MTU=${packet.transportWord(6)} ` : "";
  return head + parameter + gateway + quote + mtu;
}
