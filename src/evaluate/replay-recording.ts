import { hostFromIpJson } from "../host/ip-json.ts";
import type { Ipsets } from "../host/ipset/ipsets.ts";
import type { Ruleset } from "../model/ruleset.ts";
import { fromHex } from "../packet/hex.ts";
import { Machine } from "./machine.ts";
import type { Recording } from "./recording.ts";

/** Sends a recording's packets through a machine with other rules than its own, on its host. */
export function replayRecording(recording: Recording, ruleset: Ruleset, sets: Ipsets | undefined): Machine {
  const { host, started, backend, packets } = recording;
  const machine = new Machine(ruleset, { host: hostFromIpJson(host), now: started, backend, sets });
  for (const packet of packets) {
    const at = started + packet.at;
    if ("frame" in packet) machine.receive(packet.in, fromHex(packet.frame), at);
    else machine.send(fromHex(packet.packet), at, { owner: { uid: 0, gid: 0 }, rawSocket: true });
  }
  return machine;
}
