import { tcpOptionSet } from "../../arg-types/tcp-option-set.ts";
import { defineTarget } from "../extension.ts";

export const tcpoptstrip = defineTarget({
  name: "TCPOPTSTRIP",
  summary: "Blanks options of the TCP header, and goes on",
  validIn: { tables: ["mangle"], protocols: [6] },
  options: { "strip-options": { arg: tcpOptionSet, help: "which ones, by name or number" } },
  effects: ({ "strip-options": options }) => [{ kind: "strip-tcp-options", options: options?.value ?? [] }],
  examples: [
    {
      rule: "-p tcp -j TCPOPTSTRIP --strip-options timestamp,mss",
      saves: "-p tcp -j TCPOPTSTRIP --strip-options 2,8",
    },
    { rule: "-p tcp -j TCPOPTSTRIP --strip-options 1", refused: "bad-value" },
    { rule: "-p tcp -j TCPOPTSTRIP --strip-options timestamps", refused: "bad-value" },
    { rule: "-p udp -j TCPOPTSTRIP --strip-options 2", refused: "wrong-place" },
  ],
});
