import type { Hook } from "../packet/context.ts";
import { comeBack, copyToHost, isGroup6, isHeardByHost, keepGroupPacket } from "./come-back.ts";
import { deviceOf } from "./find-route.ts";
import type { Journey } from "./journey.ts";
import { runHook } from "./run-hook.ts";
import { transmit } from "./transmit.ts";

/** POSTROUTING and out, or back in over loopback. */
export function leave(journey: Journey, inDevice: string | undefined): void {
  const { route } = journey;
  if (!route || !("device" in route)) return;
  const outDevice = deviceOf(route);
  const hook: Hook = "POSTROUTING";
  if (inDevice === undefined && isHeardByHost(route)) {
    copyToHost(journey, outDevice, route);
    if (route.kind === "multicast" && journey.packet.bytes[8] === 0) {
      journey.drop("a packet to a group must not leave the host with a TTL of 0");
      return;
    }
  }
  const cameFrom = inDevice ?? journey.copyDevice;
  if (runHook(journey, hook, cameFrom, outDevice) === "ended") return;
  if (outDevice !== "lo") {
    if (inDevice === undefined && isGroup6(journey.packet) && !keepGroupPacket(journey, outDevice)) return;
    transmit(journey, route, inDevice === undefined ? "sent" : "forwarded");
    return;
  }
  comeBack(journey);
}
