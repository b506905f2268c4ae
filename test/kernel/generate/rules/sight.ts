import type { Hook } from "../../../../src/packet/context.ts";
import type { Ends, Flow } from "../flow.ts";
import type { Place } from "../places.ts";

/** A packet as a rule at a hook sees it, if no rule before changed it: what rules aim at. */
export interface Sight {
  readonly hook: Hook;
  readonly source: number;
  readonly destination: number;
  readonly inDevice: string | undefined;
  readonly outDevice: string | undefined;
  readonly mac: Uint8Array | undefined;
  readonly protocol: number;
  readonly sourcePort: number;
  readonly destinationPort: number;
}

/** The sights of flows' packets, both ways. */
export const sightsOf = (flows: readonly Flow[]): Sight[] =>
  flows
    .flatMap(({ ends, also = [] }) => [ends, ...also])
    .flatMap((ends) => [...oneWay(ends, ends.client, ends.server, true), ...backWay(ends)]);

const backWay = (ends: Ends): Sight[] =>
  oneWay(
    { ...ends, sourcePort: ends.destinationPort, destinationPort: ends.sourcePort },
    ends.server,
    ends.client,
    false,
  );

function oneWay(ends: Ends, from: Place, to: Place, forth: boolean): Sight[] {
  const { protocol, destinationPort } = ends;
  const sourcePort = protocol === 1 ? icmpType(ends, forth) : ends.sourcePort;
  const common = { source: from.address, destination: to.address, protocol, sourcePort, destinationPort };
  const inDevice = from.device;
  const outDevice = to.device;
  const mac = inDevice === undefined ? undefined : from.mac;
  const hooks: Hook[] = [
    ...(inDevice === undefined ? (["OUTPUT"] as const) : (["PREROUTING"] as const)),
    ...(inDevice !== undefined && outDevice !== undefined ? (["FORWARD"] as const) : []),
    ...(outDevice === undefined ? (["INPUT"] as const) : (["POSTROUTING"] as const)),
  ];
  return hooks.map((hook) => ({
    ...common,
    hook,
    mac: hook === "POSTROUTING" ? undefined : mac,
    inDevice: hook === "POSTROUTING" || hook === "OUTPUT" ? undefined : inDevice,
    outDevice: hook === "PREROUTING" || hook === "INPUT" ? undefined : (outDevice ?? "lo"),
  }));
}

/** The type that a flow's ICMP packets have, there or back; `Ends` keeps it as its first port. */
const icmpType = ({ sourcePort, destinationPort }: Ends, forth: boolean): number => {
  if (forth) return sourcePort;
  return { 8: 0, 13: 14, 15: 16, 17: 18 }[destinationPort] ?? destinationPort;
};
