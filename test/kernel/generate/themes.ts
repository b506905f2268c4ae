import type { TableName } from "../../../src/extensions/extension.ts";
import type { Dice } from "./dice.ts";
import type { Flow } from "./flow.ts";
import { dccpFlow, ipcompFlow } from "./flows/dccp.ts";
import { fragmentFlow } from "./flows/fragments.ts";
import { ftpFlow } from "./flows/ftp.ts";
import { icmpFlow, strayErrorFlow } from "./flows/icmp.ts";
import {
  brokenTcpFlow,
  frameFlow,
  headerFlow,
  manyFlow,
  martianFlow,
  otherProtocolFlow,
} from "./flows/odd.ts";
import { tcpFlow } from "./flows/tcp-stories.ts";
import { bigFlow, greFlow, sctpFlow, udpliteFlow } from "./flows/tunnels.ts";
import { udpFlow } from "./flows/udp.ts";
import { zoneFlow } from "./flows/zones.ts";

/** What a scenario is mostly about. */
export interface Theme {
  readonly flows: readonly (readonly [weight: number, make: (dice: Dice) => Flow])[];
  /** Tables that it always has; others come by chance. */
  readonly tables: readonly TableName[];
}

const oddFlows: Theme["flows"] = [
  [0.7, manyFlow],
  [0.4, frameFlow],
  [0.5, martianFlow],
  [0.6, headerFlow],
  [0.4, brokenTcpFlow],
  [0.6, otherProtocolFlow],
  [0.5, bigFlow],
  [0.4, greFlow],
  [0.7, sctpFlow],
  [0.3, udpliteFlow],
  [0.5, dccpFlow],
  [0.3, ipcompFlow],
];

const mixed: Theme["flows"] = [
  [9, tcpFlow],
  [6, udpFlow],
  [4, icmpFlow],
  [1.3, strayErrorFlow],
  [1.3, fragmentFlow],
  [0.8, ftpFlow],
  [0.6, zoneFlow],
  ...oddFlows,
];

export const themes = {
  mixed: { flows: mixed, tables: [] },
  tcp: { flows: [[1, tcpFlow]], tables: ["filter"] },
  udp: { flows: [[1, udpFlow]], tables: [] },
  icmp: {
    flows: [
      [5, icmpFlow],
      [2, strayErrorFlow],
      [2, udpFlow],
    ],
    tables: ["filter"],
  },
  nat: { flows: mixed, tables: ["nat"] },
  fragments: {
    flows: [
      [3, fragmentFlow],
      [1, udpFlow],
    ],
    tables: ["filter"],
  },
  ftp: {
    flows: [
      [3, ftpFlow],
      [1, tcpFlow],
    ],
    tables: ["filter"],
  },
  zones: {
    flows: [
      [3, zoneFlow],
      [1, tcpFlow],
      [1, udpFlow],
      [1, icmpFlow],
      [0.5, ftpFlow],
    ],
    tables: ["raw"],
  },
  tunnels: {
    flows: [
      [4, dccpFlow],
      [2, ipcompFlow],
      [1, otherProtocolFlow],
    ],
    tables: ["filter"],
  },
  odd: { flows: [...oddFlows, [1, tcpFlow]], tables: [] },
} as const satisfies Readonly<Record<string, Theme>>;

export type ThemeName = keyof typeof themes;
export const themeNames = Object.keys(themes) as readonly ThemeName[];

export const someTheme = (dice: Dice): ThemeName =>
  dice.weighed([
    [5, "mixed"],
    [2, "tcp"],
    [1, "udp"],
    [1, "icmp"],
    [3, "nat"],
    [0.7, "fragments"],
    [0.7, "odd"],
    [1, "ftp"],
    [0.7, "zones"],
    [0.5, "tunnels"],
  ]);
