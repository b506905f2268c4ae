import type { Hook } from "../packet/context.ts";

/** Where a packet starts and which way it takes through the host. */
export const paths = ["INPUT", "FORWARD", "OUTPUT"] as const;
export type Path = (typeof paths)[number];

/** The hooks of each path, in order. */
export const hooksOfPath: Readonly<Record<Path, readonly Hook[]>> = {
  INPUT: ["PREROUTING", "INPUT"],
  FORWARD: ["PREROUTING", "FORWARD", "POSTROUTING"],
  OUTPUT: ["OUTPUT", "POSTROUTING"],
};
