import { type Answer, answerTo } from "../../../src/evaluate/answer-to.ts";
import type { Machine } from "../../../src/evaluate/machine.ts";
import type { Trace } from "../../../src/evaluate/trace.ts";
import type { Host } from "../../../src/host/host.ts";
import { composePacket } from "../../../src/model/packet-words.ts";
import type { Family } from "../../../src/packet/address.ts";
import { buildIpv4, buildIpv6 } from "../../../src/packet/build.ts";
import { setTransportChecksum } from "../../../src/packet/checksum.ts";
import { buildFrame } from "../../../src/packet/ethernet.ts";
import { Packet } from "../../../src/packet/packet.ts";
import { packetOfFrame } from "../../../src/packet/packet-of-frame.ts";
import { inFamily } from "./in-family.ts";
import { announce, serversSyn } from "./play-ftp.ts";
import type { SmallPacket } from "./small-world.ts";

/** A machine of the small host, and the time that it has come to. */
interface Scene {
  readonly machine: Machine;
  readonly host: Host;
  readonly family: Family;
  now: number;
}

/** Plays a packet of the small world with all that is before it; `undefined` where that went nowhere. `beforeLast` is called in between. */
export function playSmall(
  scene: Scene,
  { words, before }: SmallPacket,
  beforeLast: () => void,
): Trace | undefined {
  const last = (send: () => Trace | undefined): Trace | undefined => {
    beforeLast();
    return send();
  };
  if (before === "announcement" || before === "clients-announcement") {
    const [opener, port] =
      before === "announcement" ? (["client", portOf(words)] as const) : (["server", 0] as const);
    const line = announce(sendControl(scene, words), opener, port, (answer) => bring(scene, answer));
    if (opener === "client") return line && last(() => sendWords(scene, words));
    const syn = line && serversSyn(line);
    return syn && last(() => bring(scene, syn));
  }
  if (before === "nothing") return last(() => sendWords(scene, words));
  const first = sendWords(scene, words);
  switch (before) {
    case "itself":
      return last(() => sendWords(scene, words));
    case "question":
      return last(() => sendAnswer(scene, first));
    case "answer": {
      if (!sendAnswer(scene, first)) return undefined;
      return last(() => sendWords(scene, words.replace("--syn", "--tcp-flags ACK")));
    }
    case "cause":
      return last(() => sendError(scene, first));
  }
}

function sendWords(scene: Scene, words: string): Trace {
  const { machine, family } = scene;
  const { value } = composePacket(inFamily(words, family), family);
  if (!value) throw new Error(`${words} is no packet`);
  const { bytes, inDevice, mark } = value;
  return inDevice === undefined
    ? machine.send(bytes, ++scene.now, { mark })
    : arrive(scene, inDevice, bytes, mark);
}

function arrive(scene: Scene, device: string, bytes: Uint8Array, mark = 0): Trace {
  const mac = scene.host.interfaces.get(device)?.mac ?? new Uint8Array(6);
  const frame = buildFrame(mac, Uint8Array.of(2, 0, 0, 0, 0, 0xfe), bytes);
  return scene.machine.receive(device, frame, ++scene.now, { mark });
}

function sendAnswer(scene: Scene, trace: Trace): Trace | undefined {
  const answer = answerTo(trace);
  return typeof answer === "string" ? undefined : bring(scene, answer);
}

const bring = (scene: Scene, answer: Answer): Trace =>
  answer.kind === "local"
    ? scene.machine.send(answer.bytes, ++scene.now)
    : arrive(scene, answer.device, answer.bytes);

const portOf = (words: string): number => Number(/--dport (\d+)/.exec(words)?.[1]);

/** The SYN of a control connection between the same ends. */
const sendControl = (scene: Scene, words: string): Trace =>
  sendWords(scene, words.replace(/--sport \d+ --dport \d+/, "--sport 4900 --dport 21"));

/** "Port unreachable" from where the packet got to: from outside, or from the host itself. */
function sendError(scene: Scene, trace: Trace): Trace | undefined {
  const left = trace.events.findLast((event) => event.kind === "emitted");
  const nat = trace.events.findLast((event) => event.kind === "nat");
  const start = trace.events.find((event) => event.kind === "packet");
  if (left) return arrive(scene, left.device, portUnreachable(packetOfFrame(left.frame)));
  if (trace.fate.outcome !== "delivered") return undefined;
  const delivered = nat?.after ?? start?.bytes;
  return delivered && scene.machine.send(portUnreachable(delivered), ++scene.now);
}

function portUnreachable(about: Uint8Array): Uint8Array {
  const { source, destination } = new Packet(about);
  const header = (type: number, code: number) =>
    Uint8Array.of(type, code, 0, 0, 0, 0, 0, 0, ...about.subarray(0, 80));
  let bytes: Uint8Array;
  if (typeof source === "bigint" && typeof destination === "bigint") {
    const ends = { source: destination, destination: source };
    bytes = buildIpv6({ ...ends, protocol: 58, payload: header(1, 4) });
  } else {
    const ends = { source: Number(destination), destination: Number(source) };
    bytes = buildIpv4({ ...ends, protocol: 1, payload: header(3, 3) });
  }
  setTransportChecksum(bytes);
  return bytes;
}
