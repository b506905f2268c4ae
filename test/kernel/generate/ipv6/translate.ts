import { parseAddress, printAddress } from "../../../../src/packet/address.ts";
import { buildFrame } from "../../../../src/packet/ethernet.ts";
import { fromHex, toHex } from "../../../../src/packet/hex.ts";
import type { Answer, ScenarioPacket } from "../../scenario.ts";
import { sixOf } from "./addresses.ts";
import { sixTypeOf } from "./icmp-types.ts";
import { sixPacket } from "./packet.ts";

/** A step of an IPv4 scenario as the IPv6 one that stands for it. */
export function sixStep(step: ScenarioPacket): ScenarioPacket {
  if ("reply" in step) return { ...step, reply: { ...step.reply, answer: sixAnswer(step.reply.answer) } };
  if ("local" in step) return { ...step, packet: toHex(sixPacket(fromHex(step.packet))) };
  const frame = fromHex(step.frame);
  const packet = sixPacket(frame.slice(14));
  const group = (frame[0]! & 1) !== 0 && packet.length >= 40;
  const destination = group ? Uint8Array.of(0x33, 0x33, ...packet.slice(36, 40)) : frame.slice(0, 6);
  const six = buildFrame(destination, frame.slice(6, 12), packet);
  six.set([0x86, 0xdd], 12);
  return { ...step, frame: toHex(six) };
}

function sixAnswer(answer: Answer): Answer {
  if (answer.kind !== "icmp-error") return answer;
  const from = answer.from === undefined ? undefined : parseAddress(answer.from);
  return {
    ...answer,
    ...sixTypeOf(answer.type, answer.code),
    ...(typeof from === "number" ? { from: printAddress(sixOf(from)) } : {}),
  };
}
