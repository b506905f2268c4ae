import { z } from "zod";
import { hooks } from "../packet/context.ts";
import { assumableStates } from "./flow.ts";
import { parseFlowTime } from "./time.ts";

const hexadecimal = z
  .string()
  .transform((text) => text.replace(/[\s:]/g, ""))
  .refine((text) => /^([0-9a-f]{2})+$/i.test(text), "expected bytes as pairs of hexadecimal digits");

const flowTime = z
  .union([z.number().nonnegative(), z.string()], 'expected seconds, e.g. 2, "2.5s" or "+1s"')
  .transform((value, context) => {
    const time = parseFlowTime(String(value));
    if (time) return time;
    context.addIssue({ code: "custom", message: `\`${value}\` is no time: give e.g. 2, "2.5s" or "+1s"` });
    return z.NEVER;
  });

/** What may be expected of a packet. */
export const expectation = z.strictObject({
  verdict: z.enum(["ACCEPT", "DROP", "REJECT", "QUEUE"]).optional(),
  outcome: z.enum(["delivered", "forwarded", "sent", "dropped", "rejected", "queued", "held"]).optional(),
  hook: z.enum(hooks).optional(),
  rule: z
    .string()
    .regex(/^[^/]+\/[^/]+:(\d+|policy)$/, 'expected e.g. "filter/FORWARD:3" or "filter/FORWARD:policy"')
    .optional(),
  dnat: z.string().optional(),
  snat: z.string().optional(),
  ctstate: z.string().optional(),
  out: z.string().optional(),
});

const kinds = ["packet", "frame", "local", "reply"] as const;

/** One packet of a flow as a mapping. */
export const packetEntry = z
  .strictObject({
    name: z.string().optional(),
    packet: z.string().optional(),
    frame: hexadecimal.optional(),
    in: z.string().optional(),
    local: hexadecimal.optional(),
    reply: z.literal(true).optional(),
    at: flowTime.optional(),
    ctstate: z.enum(assumableStates).optional(),
    repeat: z.int().min(1).max(100_000).optional(),
    every: flowTime.optional(),
    expect: expectation.optional(),
  })
  .superRefine((value, context) => {
    const given = kinds.filter((kind) => value[kind] !== undefined);
    const issue = (message: string): void => context.addIssue({ code: "custom", message });
    if (given.length !== 1) issue(`expected exactly one of ${kinds.join(", ")}`);
    if (value.frame !== undefined && value.in === undefined)
      issue("`frame` needs `in`, the interface it arrives on");
    if (value.in !== undefined && value.frame === undefined)
      issue("`in` belongs to `frame`; `packet` has -i");
    if (value.every !== undefined && value.repeat === undefined) issue("`every` needs `repeat`");
  });

/** A packet may be written as its words alone, and the list of packets as the whole file. */
const wordsToEntry = (value: unknown): unknown => (typeof value === "string" ? { packet: value } : value);
const listToFile = (value: unknown): unknown => (Array.isArray(value) ? { packets: value } : value);

/** A flow: packets in their order. */
export const flowEntries = z.array(z.preprocess(wordsToEntry, packetEntry)).min(1);

export const packetsFile = z.preprocess(
  listToFile,
  z.strictObject({
    version: z.literal(1).optional(),
    packets: flowEntries,
  }),
);

export type PacketEntry = z.infer<typeof packetEntry>;
