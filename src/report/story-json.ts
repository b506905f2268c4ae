import type { Witness } from "../analyse/witness/find-witness.ts";
import type { PrintRule } from "./rule-view.ts";
import { isoTime } from "./story-lines.ts";
import { type JsonObject, traceJson } from "./trace-json.ts";

/** A witness as docs/find.md describes it. */
export const storyJson = ({ story, played, picked }: Witness, printRule: PrintRule): JsonObject => ({
  before: story.before.map((one) => (one.kind === "words" ? { packet: one.words } : { reply: true })),
  packet: story.words,
  at: isoTime(picked.at),
  sent: played.sent,
  assumedState: story.assumed ?? null,
  confirmed: played.held,
  trace: traceJson(played.trace, printRule),
});
