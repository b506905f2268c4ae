import { bytesToAddress, printAddress } from "../../packet/address.ts";
import {
  cutShort,
  type Dump,
  dumpTcp,
  dumpUdp,
  hex,
  hexBytes,
  incomplete,
  type LogEffect,
  long,
  whole,
  word,
} from "./transport.ts";

/** dump_ipv4_packet (net/netfilter/nf_log_syslog.c). A packet quoted in an ICMP error is shown without what it quotes. */
export function dump4(bytes: Uint8Array, effect: LogEffect, quoted: boolean): Dump {
  if (bytes.length < 20) return cutShort("TRUNCATED ");
  const at = (bytes[0]! & 15) * 4;
  const fragment = ((bytes[6]! & 0x1f) << 8) | bytes[7]!;
  const inner = transport4(bytes, at, fragment !== 0, effect, quoted);
  return { text: header4(bytes, at, fragment, effect) + inner.text, givesUp: inner.givesUp };
}

function header4(bytes: Uint8Array, end: number, fragment: number, { ipOptions }: LogEffect): string {
  const address = (at: number) => printAddress(bytesToAddress(bytes, at, 4));
  const tos = bytes[1]!;
  const flags = bytes[6]!;
  return (
    `SRC=${address(12)} DST=${address(16)} LEN=${word(bytes, 2)} TOS=0x${hex(tos & 0x1e, 2).toUpperCase()} ` +
    `PREC=0x${hex(tos & 0xe0, 2).toUpperCase()} TTL=${bytes[8]} ID=${word(bytes, 4)} ` +
    `${flags & 0x80 ? "CE " : ""}${flags & 0x40 ? "DF " : ""}${flags & 0x20 ? "MF " : ""}` +
    (fragment ? `FRAG:${fragment} ` : "") +
    (ipOptions && end > 20 ? `OPT (${hexBytes(bytes.subarray(20, end))}) ` : "")
  );
}

function transport4(
  bytes: Uint8Array,
  at: number,
  fragment: boolean,
  effect: LogEffect,
  quoted: boolean,
): Dump {
  const protocol = bytes[9]!;
  switch (protocol) {
    case 6:
      return dumpTcp(bytes, at, fragment, effect);
    case 17:
    case 136:
      return dumpUdp(protocol === 17 ? "UDP" : "UDPLITE", bytes, at, fragment);
    case 1:
      return whole(fragment ? "PROTO=ICMP " : icmp(bytes, at, effect, quoted));
    case 50:
      return whole(securityHeader("ESP", bytes, at, fragment, 0, 8));
    case 51:
      return whole(securityHeader("AH", bytes, at, fragment, 4, 12));
    default:
      return whole(`PROTO=${protocol} `);
  }
}

function securityHeader(
  name: "ESP" | "AH",
  bytes: Uint8Array,
  at: number,
  fragment: boolean,
  index: number,
  length: number,
): string {
  if (fragment) return `PROTO=${name} `;
  if (bytes.length - at < length) return incomplete(name, bytes, at);
  return `PROTO=${name} SPI=0x${hex(long(bytes, at + index), 1)} `;
}

/** Bytes that a message of each type needs to be shown whole. */
const icmpLengths: Readonly<Record<number, number>> = {
  0: 4,
  3: 28,
  4: 28,
  5: 28,
  8: 4,
  11: 28,
  12: 28,
  13: 20,
  14: 20,
  17: 12,
  18: 12,
};

function icmp(bytes: Uint8Array, at: number, effect: LogEffect, quoted: boolean): string {
  const left = bytes.length - at;
  if (left < 8) return incomplete("ICMP", bytes, at);
  const type = bytes[at]!;
  const code = bytes[at + 1]!;
  const head = `PROTO=ICMP TYPE=${type} CODE=${code} `;
  if (left < (icmpLengths[type] ?? 0)) return `${head}INCOMPLETE [${left} bytes] `;
  switch (type) {
    case 0:
    case 8:
      return `${head}ID=${word(bytes, at + 4)} SEQ=${word(bytes, at + 6)} `;
    case 12:
      return `${head}PARAMETER=${bytes[at + 4]} `;
    case 5:
    case 3:
    case 4:
    case 11: {
      const gateway = type === 5 ? `GATEWAY=${printAddress(bytesToAddress(bytes, at + 4, 4))} ` : "";
      const quote = quoted ? "" : `[${dump4(bytes.subarray(at + 8), effect, true).text}] `;
      const mtu = type === 3 && code === 4 ? `MTU=${word(bytes, at + 6)} ` : "";
      return head + gateway + quote + mtu;
    }
    default:
      return head;
  }
}
