import type { Effect } from "../extensions/effect.ts";
import { buildIpv4, buildIpv6 } from "../packet/build.ts";
import { setTransportChecksum } from "../packet/checksum.ts";
import type { Packet } from "../packet/packet.ts";
import { trustsChecksum } from "../packet/trusted-checksum.ts";
import { defaultTtl } from "./icmp-error.ts";
import type { Journey } from "./journey.ts";
import { readSynOptions, type SynOptions, writeSynOptions } from "./syn-options.ts";
import type { EffectResult } from "./walk.ts";

type Synproxy = Extract<Effect, { kind: "synproxy" }>;

const fin = 1;
const syn = 2;
const rst = 4;
const ack = 16;
const echo = 0x40;
const reduced = 0x80;

/**
 * synproxy_tg4, synproxy_tg6 (ipt_SYNPROXY.c): a SYN is answered with a cookie for its number, an acknowledgement has to
 * bring one back. The kernel's secret makes the cookies, so that nobody can tell a right one.
 */
export function synproxy(journey: Journey, effect: Synproxy): EffectResult {
  const { packet, environment } = journey;
  const dropped = (reason: string): EffectResult => {
    journey.note({ kind: "dropped", reason });
    return "drop";
  };
  if (packet.transportLength < 20 || !trustsChecksum(packet, journey.context.hook)) return "drop";
  const options = readSynOptions(packet);
  if (!options) return "drop";
  const flags = packet.transportByte(13);
  switch (flags & (fin | syn | rst | ack)) {
    case syn:
      answerSyn(journey, effect, options);
      return dropped("SYNPROXY answers in the server's place");
    case ack:
      environment.world.assume(
        "whether the acknowledgement brings back SYNPROXY's cookie is not known; taken as wrong and dropped",
      );
      return dropped("SYNPROXY finds no cookie");
    default:
      return "continue";
  }
}

/** synproxy_send_client_synack (nf_synproxy_core.c). */
function answerSyn(journey: Journey, effect: Synproxy, client: SynOptions): void {
  const { packet } = journey;
  const flags = packet.transportByte(13);
  const stamps = effect.timestamps && client.timestamp !== undefined;
  const marked = stamps && effect.congestionNotification && (flags & echo) !== 0 && (flags & reduced) !== 0;
  const scales = stamps && effect.windowScale !== undefined && client.windowScale !== undefined;
  const options = writeSynOptions({
    ...(effect.segmentSize !== undefined && client.segmentSize !== undefined
      ? { segmentSize: effect.segmentSize }
      : {}),
    // the time's lower bits tell what the client offered; the time itself is the kernel's own
    ...(stamps && client.timestamp !== undefined
      ? { timestamp: { value: 0, echo: client.timestamp.value } }
      : {}),
    ...(scales && effect.windowScale !== undefined ? { windowScale: effect.windowScale } : {}),
    selectiveAcknowledgements: stamps && effect.selectiveAcknowledgements && client.selectiveAcknowledgements,
  });
  const segment = new Uint8Array(20 + options.length);
  const view = new DataView(segment.buffer);
  view.setUint16(0, packet.transportWord(2));
  view.setUint16(2, packet.transportWord(0));
  view.setUint32(8, (packet.transportWord(4) * 65536 + packet.transportWord(6) + 1) >>> 0);
  segment[12] = (segment.length / 4) << 4;
  segment[13] = syn | ack | (marked ? echo : 0);
  segment.set(options, 20);
  const bytes = answerTo(journey, packet, segment);
  setTransportChecksum(bytes);
  const { tracking } = packet;
  const attached =
    tracking?.kind === "tracked"
      ? ({ ...tracking, direction: "reply", state: "ESTABLISHED" } as const)
      : undefined;
  journey.environment.answer(journey, bytes, { tracking: { attached } });
}

function answerTo(journey: Journey, { source, destination }: Packet, payload: Uint8Array): Uint8Array {
  if (typeof source === "number" && typeof destination === "number") {
    const ttl = defaultTtl(journey);
    return buildIpv4({
      source: destination,
      destination: source,
      protocol: 6,
      ttl,
      dontFragment: true,
      payload,
    });
  }
  const ends = { source: BigInt(destination), destination: BigInt(source) };
  // synproxy_build_ip_ipv6 asks no interface
  const hopLimit = Number(journey.environment.host.sysctl("net.ipv6.conf.all.hop_limit") ?? 64);
  return buildIpv6({ ...ends, protocol: 6, hopLimit, payload });
}
