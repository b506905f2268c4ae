import type { Family } from "../../../src/packet/address.ts";

/** Words about the small world's addresses in IPv4, and what they are in IPv6. Longer ones first. */
const inIpv6: readonly (readonly [RegExp, string])[] = [
  [/203\.0\.113\.0\/24/g, "2001:db8:aaaa::/64"],
  [/192\.168\.7\.0\/24/g, "fd00:7::/120"],
  [/10\.0\.0\.0\/29/g, "fd00::/125"],
  [/(--to-destination|--to-source) (\d+\.\d+\.\d+\.\d+):(\d+)/g, "$1 [$2]:$3"],
  [/198\.51\.100\.7/g, "2001:db8:ffff::7"],
  [/203\.0\.113\.10/g, "2001:db8:aaaa::10"],
  [/192\.0\.2\.1/g, "2001:db8::1"],
  [/172\.16\.0\.(\d+)/g, "2001:db8:1::$1"],
  [/172\.16\.2\.1/g, "2001:db8:2::1"],
  [/10\.0\.0\.(\d)/g, "fd00::$1"],
  [/127\.0\.0\.1/g, "::1"],
  [/-p icmp --icmp-type 8/g, "-p icmpv6 --icmpv6-type 128"],
  [/-p icmp\b/g, "-p icmpv6"],
];

/** Rules, packets or addresses of the small world in one of the families. */
export const inFamily = (text: string, family: Family): string =>
  family === "ipv4" ? text : inIpv6.reduce((left, [from, to]) => left.replace(from, to), text);
