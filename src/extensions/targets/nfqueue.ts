import { flag } from "../../arg-types/arg-type.ts";
import { integer } from "../../arg-types/integer.ts";
import { queueRange } from "../../arg-types/queue-range.ts";
import { defineTarget } from "../extension.ts";
import { plain } from "../plain-arg.ts";
import { kernelRefuses } from "../problem.ts";

const first = plain(0);

export const nfqueue = defineTarget({
  name: "NFQUEUE",
  summary: "Hands the packet to a program in user space, by a numbered queue",
  options: {
    "queue-num": { arg: integer({ min: 0, max: 65535 }), help: "the queue", excludes: ["queue-balance"] },
    "queue-balance": { arg: queueRange, help: "several queues that share the connections" },
    "queue-bypass": { arg: flag, help: "let the packet on where no program listens" },
    "queue-cpu-fanout": { arg: flag, help: "choose the queue by processor", requires: ["queue-balance"] },
  },
  normalize: (args) => (args["queue-num"] || args["queue-balance"] ? args : { ...args, "queue-num": first }),
  check({ "queue-balance": range }) {
    if (range === undefined || range.value[1] - range.value[0] < 65535) return [];
    return [kernelRefuses("more than 65535 queues", { option: "queue-balance" })];
  },
  effects({ "queue-num": num, "queue-balance": range, "queue-bypass": bypass }) {
    const one = num?.value ?? 0;
    return [{ kind: "nfqueue", queues: range?.value ?? [one, one], bypass: bypass !== undefined }];
  },
  examples: [
    { rule: "-j NFQUEUE", saves: "-j NFQUEUE --queue-num 0" },
    {
      rule: "-j NFQUEUE --queue-bypass --queue-balance 0:3",
      saves: "-j NFQUEUE --queue-balance 0:3 --queue-bypass",
    },
    { rule: "-j NFQUEUE --queue-balance 3:0", refused: "bad-value" },
    { rule: "-j NFQUEUE --queue-num 3 --queue-cpu-fanout", refused: "option-missing" },
  ],
});
