import { type ArgType, bad, ok } from "./arg-type.ts";

const expectationEvents = ["new"] as const;
const connectionEvents = [
  "new",
  "related",
  "destroy",
  "reply",
  "assured",
  "protoinfo",
  "helper",
  "mark",
  "natseqinfo",
  "secmark",
] as const;

/** Event names with commas; printed in conntrack's order, each once. */
const eventSet = (names: readonly string[]): ArgType<readonly string[]> => ({
  placeholder: "event[,event...]",
  words: 1,
  parse([text = ""]) {
    const given = text.split(",");
    const strange = given.find((name) => !names.includes(name));
    if (strange === undefined) return ok(names.filter((name) => given.includes(name)));
    return bad(`Unknown event type "${strange}"`, `events are ${names.join(", ")}`);
  },
  print: (events) => events.join(","),
  samples: [names.slice(0, 1), names],
});

/** Events of a connection (libxt_CT.c). */
export const connectionEventSet = eventSet(connectionEvents);
/** Events of an expectation. */
export const expectationEventSet = eventSet(expectationEvents);
