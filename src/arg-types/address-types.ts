import { nameSet } from "./name-set.ts";

/** Bits of the address types, numbered as RTN_* in linux/rtnetlink.h; iptables prints them in this order. */
export const addressTypeBits = {
  UNSPEC: 1 << 0,
  UNICAST: 1 << 1,
  LOCAL: 1 << 2,
  BROADCAST: 1 << 3,
  ANYCAST: 1 << 4,
  MULTICAST: 1 << 5,
  BLACKHOLE: 1 << 6,
  UNREACHABLE: 1 << 7,
  PROHIBIT: 1 << 8,
  THROW: 1 << 9,
  NAT: 1 << 10,
  XRESOLVE: 1 << 11,
} as const;

/** `--src-type` and `--dst-type`. */
export const addressTypeList = nameSet({
  names: addressTypeBits,
  placeholder: "type[,type...]",
  message: (text) => `addrtype: bad type "${text}"`,
});
