import type { Journey } from "./journey.ts";

/** nf_defrag_ipv4 and nf_defrag_ipv6 (priority -400) run wherever conntrack is on or a rule wants whole datagrams. */
export function reassembleForConntrack(journey: Journey, user: string): boolean {
  if (!journey.environment.defragments) return true;
  const { family, tracking } = journey.packet;
  if (family === "ipv6") return reassemble6(journey, user);
  return tracking?.kind === "untracked" || reassemble(journey, "conntrack");
}

/** No interface has an empty name. */
export const ownHook = "";

/** `user` is the hook and the device: what comes in by different ways is no one datagram. */
function reassemble6(journey: Journey, user: string): boolean {
  const { environment, packet } = journey;
  // a piece that comes back over loopback has been through here
  if (packet.tracking && packet.tracking.kind !== "invalid") return true;
  const gathered = environment.reassembly6.add(packet, user, environment.world.now);
  switch (gathered.kind) {
    case "pass":
      return true;
    case "held": {
      const reason = "a fragment: it waits for the rest of its datagram (conntrack)";
      journey.end("held", { kind: "host", reason });
      return false;
    }
    case "dropped":
      journey.drop(gathered.reason);
      return false;
    case "whole":
      journey.context.packet = gathered.packet;
      journey.cut = { ...gathered, local: user === ownHook };
      return true;
  }
}

/** Whether there is a whole packet to go on with. */
export function reassemble(journey: Journey, user: string): boolean {
  const { environment, packet } = journey;
  if (packet.fragmentOffset === 0 && !packet.moreFragments) return true;
  const whole = environment.reassembly.add(packet, user, environment.world.now);
  if (!whole) {
    journey.end("held", {
      kind: "host",
      reason: `a fragment: it waits for the rest of its datagram (${user})`,
    });
    return false;
  }
  journey.context.packet = whole.packet;
  journey.pieces = whole;
  return true;
}
