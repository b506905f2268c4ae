import { integer } from "../../arg-types/integer.ts";
import { quotedAlways } from "../../arg-types/quoted-string.ts";
import { and, type Formula, invertIf, never, opaque } from "../../formula/formula.ts";
import type { Context } from "../../packet/context.ts";
import { kernelSocket } from "../../packet/packet.ts";
import { defineMatch, type Problem } from "../extension.ts";
import { told } from "../told.ts";

const notTold =
  "the cgroup of the packet's socket was not told (`--cgroup`, `--path` of the packet): taken as";

/** sk of the sender; a received packet has its receiver's only where that is told. */
const hasSocket = opaque("has a socket", ({ packet, hook, world }: Context) => {
  const { cgroup, cgroupPath } = packet.told;
  if (packet.owner !== undefined || cgroup !== undefined || cgroupPath !== undefined) return true;
  if (hook === "INPUT") world.assume("no socket was told that takes the packet before the rules (--cgroup)");
  return false;
});

const isBelow = (path: string, ancestor: string): boolean => {
  const names = (text: string) => text.split("/").filter((name) => name !== "");
  const own = names(path);
  return names(ancestor).every((name, depth) => own[depth] === name);
};

function inPath(path: string): Formula {
  const atRoot = isBelow("/", path);
  if (atRoot) return opaque("cgroup path is below /", () => true);
  return told(
    `cgroup path is below ${path}`,
    ({ cgroupPath }, { packet }) =>
      packet.owner === kernelSocket
        ? false
        : cgroupPath === undefined
          ? undefined
          : isBelow(cgroupPath, path),
    false,
    `${notTold} the root`,
  );
}

const inClass = (id: number): Formula =>
  told(
    `cgroup class is ${id}`,
    ({ cgroup }, { packet }) =>
      packet.owner === kernelSocket ? id === 0 : cgroup === undefined ? undefined : cgroup === id,
    id === 0,
    `${notTold} class 0`,
  );

const refusal = (message: string): readonly Problem[] => [{ code: "kernel-refuses", message, kernel: true }];

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
    if (path && id) return refusal("path and class id can't be used together");
    return path || id ? [] : refusal("neither a path nor a class id is given");
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
