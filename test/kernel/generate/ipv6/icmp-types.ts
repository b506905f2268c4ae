interface IcmpType {
  readonly type: number;
  readonly code: number;
}

const types: ReadonlyMap<number, number> = new Map([
  [0, 129],
  [3, 1],
  [5, 137],
  [8, 128],
  [9, 134],
  [11, 3],
  [12, 4],
  // node information (RFC 4620), which conntrack tracks as it does time stamps
  [13, 139],
  [14, 140],
  [15, 130],
  [17, 133],
]);

const unreachableCodes: ReadonlyMap<number, number> = new Map([
  [0, 0],
  [1, 3],
  [3, 4],
  [13, 1],
]);

/** The ICMPv6 type and code that stand for one of ICMP's. */
export function sixTypeOf(type: number, code: number): IcmpType {
  if (type === 3 && code === 4) return { type: 2, code: 0 };
  if (type === 3) return { type: 1, code: unreachableCodes.get(code) ?? 0 };
  if (type === 4) return { type: 100, code: 0 };
  return { type: types.get(type) ?? 200, code: type === 5 ? 0 : code };
}
