import { flag } from "../../arg-types/arg-type.ts";
import { and, type Formula, inRanges, not, opaque, or, quietOpaque } from "../../formula/formula.ts";
import { fields } from "../../packet/fields.ts";
import { defineMatch } from "../extension.ts";
import { told } from "../told.ts";

/** TCP and UDP; xt_socket also looks for the socket that an ICMP error is about. */
const canHaveSocket: Formula = inRanges(fields.protocol, [
  [1, 1],
  [6, 6],
  [17, 17],
  [58, 58],
]);

const givenByProxy = quietOpaque("TPROXY gave it a socket", ({ packet }) => packet.hasSocket);

export const socket = defineMatch({
  name: "socket",
  summary: "A socket of this host is open for the packet, as `--socket` of the packet says",
  validIn: { hooks: ["PREROUTING", "INPUT"] },
  needsDefragmentation: true,
  options: {
    transparent: { arg: flag, help: "only transparent sockets count (IP_TRANSPARENT)" },
    nowildcard: { arg: flag, help: "listeners on every address count, too" },
    "restore-skmark": { arg: flag, help: "give the packet the socket's mark" },
  },
  meaning({ transparent, nowildcard, "restore-skmark": restores }) {
    const wanted = ["bound", "transparent", "wildcard"].filter(
      (kind) => (kind !== "bound" || !transparent) && (kind !== "wildcard" || (nowildcard && !transparent)),
    );
    const found = told(
      `a socket is open for it: ${wanted.join(" or ")}`,
      ({ socket: kind }) => (kind === undefined ? undefined : wanted.includes(kind)),
      false,
      "the host's sockets are not known: none was told to take the packet (`--socket` of the packet)",
    );
    const ofProxy = told(
      `TPROXY's socket counts${nowildcard ? ", on every address or not" : ""}`,
      ({ socket: kind }) => nowildcard !== undefined || (kind === "transparent" ? true : undefined),
      false,
      "TPROXY's socket is taken to listen on every address: `-m socket` without --nowildcard passes over it",
    );
    // skb->sk, which TPROXY sets, goes before any look-up (xt_socket.c); it is transparent (nf_tproxy_sk_is_transparent)
    const either = or(and(givenByProxy, ofProxy), and(not(givenByProxy), found));
    if (!restores) return and(canHaveSocket, either);
    const marked = opaque("gets the socket's mark", ({ world }) => {
      world.assume("the mark of the socket is not known: the packet keeps its own (--restore-skmark)");
      return true;
    });
    return and(canHaveSocket, either, marked);
  },
  examples: [
    {
      rule: "-m socket --nowildcard --transparent -j ACCEPT",
      saves: "-m socket --transparent --nowildcard -j ACCEPT",
    },
    { rule: "-m socket", packet: "-p tcp --syn --socket wildcard", matches: false },
    { rule: "-m socket --nowildcard", packet: "-p tcp --syn --socket wildcard", matches: true },
    { rule: "-m socket ! --transparent", refused: "not-invertible" },
    { rule: "-m socket", at: "filter/OUTPUT", refused: "wrong-place" },
  ],
});
