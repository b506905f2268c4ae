import type { StateName } from "../ct-variables.ts";
import { asked, greeting, opening, type PacketFacts, pathOf, quoted, wordsOf } from "./packet-facts.ts";
import type { PickedPacket } from "./pick-packet.ts";

/** A packet in iptables' words, or the other side's answer to the packet before. */
export type StoryPacket = { readonly kind: "words"; readonly words: string } | { readonly kind: "reply" };

/** A packet, and what happens before it so that it is what it shall be. */
export interface Story {
  readonly before: readonly StoryPacket[];
  /** The packet that counts. */
  readonly words: string;
  /** It may be sent so many times until what is wanted happens: a memory has to fill. */
  readonly tries: number;
  /** What conntrack is told to say of the packet, where nothing before it makes it say so. */
  readonly assumed: StateName | undefined;
}

/** So often is a packet repeated at most until a `limit` is used up. */
const mostRepeats = 60;

const words = (facts: PacketFacts): StoryPacket => ({ kind: "words", words: wordsOf(facts) });
const reply: StoryPacket = { kind: "reply" };

/** The ways to make a packet what it shall be, the simplest first; the machine tells which of them does. */
export function storiesOf(picked: PickedPacket): readonly Story[] {
  const { facts, state, asksMemory, asksHost } = picked;
  const own = wordsOf(facts);
  const tries = asksMemory ? mostRepeats : 1;
  const after = (...before: readonly StoryPacket[]): Story => ({
    before,
    words: own,
    tries,
    assumed: undefined,
  });
  const stories: Story[] = befores(picked).map((before) => after(...before));
  // a packet to the host itself tells that the address is its own: a published port is one of the host's
  if (asksHost && pathOf(facts) !== "INPUT") stories.push(after(words(greeting(facts))));
  if (asksMemory && facts.sourcePort !== undefined) stories.push(after(...fromOtherPorts(facts)));
  return state === "NEW" ? stories : [...stories, assuming(picked)];
}

/** The packet alone: conntrack is told what to say of it. */
export const assuming = ({ facts, state }: PickedPacket): Story => ({
  before: [],
  words: state === "NEW" ? wordsOf(facts) : `${wordsOf(facts)} --ctstate ${state}`,
  tries: 1,
  assumed: state === "NEW" ? undefined : state,
});

function befores({ facts, state, opens }: PickedPacket): readonly (readonly StoryPacket[])[] {
  switch (state) {
    case "NEW":
      return [opens ? [] : [words(opening(facts))]];
    case "ESTABLISHED":
      return [[words(asked(facts))], [words(opening(facts)), reply], [words(asked(facts)), reply, reply]];
    case "RELATED":
      return facts.icmp ? [[words(quoted(facts))]] : [];
    default:
      return [[]];
  }
}

/** Connections from the same place before: what `connlimit` counts. */
function fromOtherPorts(facts: PacketFacts): readonly StoryPacket[] {
  const { sourcePort = 0 } = facts;
  return Array.from({ length: 20 }, (_, index) =>
    words({ ...opening(facts), sourcePort: (sourcePort + 1 + index) % 65536 }),
  );
}
