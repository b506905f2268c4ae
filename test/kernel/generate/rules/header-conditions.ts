import type { Dice } from "../dice.ts";
import { type Condition, not } from "./condition.ts";

const u32Tests = [
  // total length, TTL, protocol, and the destination port of TCP and UDP
  '"0&0xFFFF=0x1C:0x100"',
  '"8>>24=0x40"',
  '"6&0xFF=6"',
  '"6&0xFF=1,17"',
  '"0>>22&0x3C@0&0xFFFF=80"',
  '"4&0x1FFF=0&&0>>22&0x3C@2&0xFF=1:0x40"',
  '"0>>22&0x3C@12>>26&0x3C@0=0x47455420"',
] as const;

const packetTypes = ["unicast", "broadcast", "multicast"] as const;

/** Matches that read the packet's headers and nothing else. */
export const headerConditions: readonly Condition[] = [
  {
    weight: 2,
    text: (dice) =>
      `-m ttl ${dice.of(["--ttl-eq 64", "! --ttl-eq 64", "--ttl-eq 63", "--ttl-lt 64", "--ttl-gt 63", "--ttl-gt 2"])}`,
  },
  {
    weight: 2,
    text: (dice) => `-m tos ${not(dice)}--tos ${dice.of(["0", "0x10", "0x10/0x3f", "0xb8/0xfc"])}`,
  },
  {
    weight: 2,
    text: (dice) =>
      `-m dscp ${not(dice)}${dice.of(["--dscp 0", "--dscp 0x2e", "--dscp-class EF", "--dscp-class BE"])}`,
  },
  {
    weight: 3,
    text: (dice) =>
      `-m length ${not(dice)}--length ${dice.of(["28", "40", "44", "20:60", ":100", "61:", "1000:", "34:36"])}`,
  },
  { weight: 1, text: (dice) => `-m ecn ${not(dice)}--ecn-ip-ect ${dice.below(4)}` },
  {
    weight: 2,
    protocols: [6],
    text: (dice) => `-m ecn ${not(dice)}${dice.of(["--ecn-tcp-cwr", "--ecn-tcp-ece"])}`,
  },
  {
    weight: 2,
    protocols: [6],
    text: (dice) => `-m tcpmss ${not(dice)}--mss ${dice.of(["1460", "536:1460", "1:500", "0:65535"])}`,
  },
  { weight: 2, text: (dice) => `-m pkttype ${not(dice)}--pkt-type ${dice.of(packetTypes)}` },
  {
    weight: 3,
    hooks: ["OUTPUT", "POSTROUTING"],
    text: (dice) =>
      `-m owner ${dice.of(["--uid-owner 0", "! --uid-owner 0", "--gid-owner 1:9", "--socket-exists"])}`,
  },
  { weight: 0.5, text: (dice) => `-m realm ${not(dice)}--realm ${dice.of(["0", "3", "0/0xff", "1/1"])}` },
  {
    weight: 0.7,
    hooks: ["PREROUTING", "INPUT", "FORWARD"],
    text: (dice) => `-m physdev ${not(dice, 0.4)}${dice.of(["--physdev-is-in", "--physdev-in eth0"])}`,
  },
  { weight: 2, text: (dice) => `-m u32 ${not(dice)}--u32 ${dice.of(u32Tests)}` },
  { weight: 8, protocols: [51], text: (dice) => `-m ah --ahspi ${dice.of(["0x04050607", "0:0x1000", ":"])}` },
  {
    weight: 8,
    protocols: [50],
    text: (dice) => `-m esp ${not(dice)}--espspi ${dice.of(["0x00010203", "1:9"])}`,
  },
  { weight: 10, protocols: [132], text: sctpMatch },
  {
    weight: 0.7,
    hooks: ["PREROUTING", "INPUT", "FORWARD"],
    text: (dice) => `-m policy --dir in --pol ${dice.of(["none", "none", "ipsec"])}`,
  },
];

function sctpMatch(
  dice: Dice,
  { sourcePort, destinationPort }: { sourcePort: number; destinationPort: number },
) {
  const ports = dice.of([
    `--dport ${destinationPort}`,
    `! --dport ${destinationPort}`,
    `--sport ${sourcePort}`,
    "",
  ]);
  const chunks = dice.of([
    "",
    "--chunk-types any INIT",
    "--chunk-types all INIT,DATA",
    "! --chunk-types only DATA",
  ]);
  return `-m sctp ${ports} ${ports || chunks ? chunks : "--sport 1:"}`.trim();
}
