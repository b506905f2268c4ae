import { type Formula, opaque } from "../formula/formula.ts";
import type { Context } from "../packet/context.ts";
import { kernelSocket } from "../packet/packet.ts";
import { told } from "./told.ts";

const notTold =
  "the cgroup of the packet's socket was not told (`--cgroup`, `--path` of the packet): taken as";

/** sk of the sender; a received packet has its receiver's where TPROXY gave it one, or where that is told. */
export const hasSocket = opaque("has a socket", ({ packet, hook, world }: Context) => {
  const { cgroup, cgroupPath } = packet.told;
  if (packet.hasSocket || packet.owner !== undefined || cgroup !== undefined || cgroupPath !== undefined)
    return true;
  if (hook === "INPUT") world.assume("no socket was told that takes the packet before the rules (--cgroup)");
  return false;
});

const isBelow = (path: string, ancestor: string): boolean => {
  const names = (text: string) => text.split("/").filter((name) => name !== "");
  const own = names(path);
  return names(ancestor).every((name, depth) => own[depth] === name);
};

/** The socket's cgroup2 directory is this one or one below it. */
export function inPath(path: string): Formula {
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

/** The socket's class id (net_cls) is this one. */
export const inClass = (id: number): Formula =>
  told(
    `cgroup class is ${id}`,
    ({ cgroup }, { packet }) =>
      packet.owner === kernelSocket ? id === 0 : cgroup === undefined ? undefined : cgroup === id,
    id === 0,
    `${notTold} class 0`,
  );
