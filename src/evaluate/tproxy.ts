import type { Effect } from "../extensions/effect.ts";
import type { Journey } from "./journey.ts";
import type { EffectResult } from "./walk.ts";

const tcp = 6;

/** tproxy_tg4, tproxy_tg6 (xt_TPROXY.c). Which sockets the host has is not known: the proxy is taken to run. */
export function tproxy(
  journey: Journey,
  { port, clear, xor }: Extract<Effect, { kind: "tproxy" }>,
): EffectResult {
  const { packet, environment } = journey;
  if (!packet.headersAreSound || packet.transportLength < (packet.protocol === tcp ? 20 : 8)) return "drop";
  const at = port === 0 ? packet.transportWord(2) : port;
  environment.world.assume(
    `a transparent socket of this host listens to port ${at}; without one TPROXY drops`,
  );
  const before = packet.mark;
  packet.mark = ((before & ~clear) ^ xor) >>> 0;
  if (packet.mark !== before) journey.note({ kind: "mark", before, after: packet.mark });
  packet.hasSocket = true;
  return "accept";
}
