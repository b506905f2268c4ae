import { type Answer, answerTo } from "../../../src/evaluate/answer-to.ts";
import type { Trace } from "../../../src/evaluate/trace.ts";
import { printAddress } from "../../../src/packet/address.ts";
import { buildIpv4, buildIpv6 } from "../../../src/packet/build.ts";
import { setTransportChecksum } from "../../../src/packet/checksum.ts";
import { Packet } from "../../../src/packet/packet.ts";

/** Who sends the first packet of a data connection: the client, or the server (RFC 959, 3.3). */
export type DataOpener = "client" | "server";

/** The port that clients announce, and the server's own data port. */
const announced = 5000;
const dataPort = 20;

/**
 * Plays an FTP control connection from its SYN up to the line that announces a data connection. `deliver` brings an answer in
 * where it comes from, and gives what became of it. `undefined` where a packet went nowhere.
 */
export function announce(
  syn: Trace,
  opener: DataOpener,
  port: number,
  deliver: (answer: Answer) => Trace | undefined,
): Trace | undefined {
  const then = (trace: Trace | undefined): Answer | undefined => {
    const answer = trace && answerTo(trace);
    return typeof answer === "object" ? answer : undefined;
  };
  const synAck = then(syn);
  const opened = synAck && deliver(synAck);
  // the client's segment behind the handshake, or the server's answer to it
  const clients = then(opened);
  const greeted = opener === "client" ? clients && deliver(clients) : opened;
  const base = then(greeted);
  if (!base) return undefined;
  // a helper looks at lines that begin behind another one
  const greeting = opener === "client" ? "220 ready\r\n" : "USER x\r\n";
  const line = opener === "client" ? `229 Extended passive (|||${port}|)\r\n` : activeLine(base.bytes);
  if (!deliver(saying(base, greeting, 0))) return undefined;
  return deliver(saying(base, line, greeting.length));
}

function activeLine(bytes: Uint8Array): string {
  const { source, family } = new Packet(bytes);
  return `EPRT |${family === "ipv4" ? 1 : 2}|${printAddress(source)}|${announced}|\r\n`;
}

/** An empty segment with data, so many bytes later in its direction. */
function saying(answer: Answer, text: string, later: number): Answer {
  const packet = new Packet(answer.bytes);
  const header = answer.bytes.slice(packet.transportOffset);
  const sequence = (packet.transportWord(4) * 65536 + packet.transportWord(6) + later) >>> 0;
  new DataView(header.buffer).setUint32(4, sequence);
  return { ...answer, bytes: rebuilt(packet, Uint8Array.of(...header, ...Buffer.from(text))) };
}

/** The SYN with which the server opens the connection that the client's line announced, as it leaves the server. */
export function serversSyn(line: Trace): Answer | undefined {
  const answer = answerTo(line);
  if (typeof answer === "string") return undefined;
  const packet = new Packet(answer.bytes);
  const header = new Uint8Array(20);
  const view = new DataView(header.buffer);
  view.setUint16(0, dataPort);
  view.setUint16(2, announced);
  view.setUint32(4, 7000);
  view.setUint16(12, (5 << 12) | 2);
  view.setUint16(14, 64240);
  return { ...answer, bytes: rebuilt(packet, header) };
}

function rebuilt({ source, destination }: Packet, payload: Uint8Array): Uint8Array {
  const bytes =
    typeof source === "number" && typeof destination === "number"
      ? buildIpv4({ source, destination, protocol: 6, payload })
      : buildIpv6({ source: BigInt(source), destination: BigInt(destination), protocol: 6, payload });
  setTransportChecksum(bytes);
  return bytes;
}
