import type { Dice } from "../dice.ts";
import type { Flow } from "../flow.ts";
import { fragmentFlow } from "./fragments.ts";
import { icmpFlow, strayErrorFlow } from "./icmp.ts";
import { brokenTcpFlow, frameFlow, headerFlow, manyFlow, martianFlow, otherProtocolFlow } from "./odd.ts";
import { tcpFlow } from "./tcp-stories.ts";
import { udpFlow } from "./udp.ts";

/** A flow of any kind; the common ones more often. */
export const someFlow = (dice: Dice): Flow =>
  dice.weighed([
    [9, tcpFlow],
    [6, udpFlow],
    [4, icmpFlow],
    [1, strayErrorFlow],
    [1, fragmentFlow],
    [0.7, manyFlow],
    [0.4, frameFlow],
    [0.5, martianFlow],
    [0.6, headerFlow],
    [0.4, brokenTcpFlow],
    [0.6, otherProtocolFlow],
  ] as const)(dice);
