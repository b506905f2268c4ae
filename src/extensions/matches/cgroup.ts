import { integer } from "../../arg-types/integer.ts";
import { quotedAlways } from "../../arg-types/quoted-string.ts";
import { and, invertIf, never } from "../../formula/formula.ts";
import { hasSocket, inClass, inPath } from "../control-group.ts";
import { defineMatch } from "../extension.ts";
import { kernelRefuses } from "../problem.ts";

export const cgroup = defineMatch({
  name: "cgroup",
  summary: "The control group of the socket that sends or takes the packet",
  validIn: { hooks: ["INPUT", "OUTPUT", "POSTROUTING"] },
  options: {
    path: {
      arg: quotedAlways("path", 511),
      help: "a directory of the cgroup2 tree or one below it; the kernel refuses one that is not there",
      invertible: true,
    },
    cgroup: {
      arg: integer({ min: 0, max: 2 ** 32 - 1 }),
      help: "the class id (net_cls)",
      invertible: true,
    },
  },
  check({ path, cgroup: id }) {
    if (path && id) return [kernelRefuses("path and class id can't be used together")];
    return path || id ? [] : [kernelRefuses("neither a path nor a class id is given")];
  },
  meaning({ path, cgroup: id }) {
    if (path) return and(hasSocket, invertIf(path.inverted, inPath(path.value)));
    return id ? and(hasSocket, invertIf(id.inverted, inClass(id.value))) : never;
  },
  examples: [
    { rule: "-m cgroup --cgroup 0x10 -j DROP", saves: "-m cgroup --cgroup 16 -j DROP" },
    { rule: "-m cgroup ! --path system.slice", saves: '-m cgroup ! --path "system.slice"' },
    {
      rule: "-m cgroup --cgroup 5",
      at: "filter/OUTPUT",
      packet: "-o eth0 -p tcp --syn --uid-owner 0 --cgroup 5",
      matches: true,
    },
    {
      rule: "-m cgroup --path user.slice",
      at: "filter/OUTPUT",
      packet: "-o eth0 -p tcp --syn --uid-owner 0 --path /user.slice/a",
      matches: true,
    },
    { rule: "-m cgroup --cgroup 5 --path /", refused: "kernel-refuses" },
    { rule: "-m cgroup --cgroup foo", refused: "bad-value" },
    { rule: "-m cgroup --cgroup 5", at: "filter/FORWARD", refused: "wrong-place" },
  ],
});
