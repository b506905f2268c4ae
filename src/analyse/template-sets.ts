import { ctstates } from "../packet/connection.ts";
import { type Field, fields } from "../packet/fields.ts";
import type { PacketSpace } from "./packet-space.ts";
import { type State, split } from "./state.ts";
import { constant } from "./vector.ts";
import type { View } from "./view.ts";

/** What conntrack's fields are on a packet with a template: a NEW connection that nothing is known of (template.ts). */
const ofTemplate: readonly (readonly [Field, number])[] = [
  [fields.ctstate, ctstates.NEW],
  ...[
    fields.ctstatus,
    fields.ctdirection,
    fields.ctmark,
    fields.ctprotocol,
    fields.ctOriginalSource,
    fields.ctOriginalSource6,
    fields.ctOriginalDestination,
    fields.ctOriginalDestination6,
    fields.ctReplySource,
    fields.ctReplySource6,
    fields.ctReplyDestination,
    fields.ctReplyDestination6,
    fields.ctOriginalSourcePort,
    fields.ctOriginalDestinationPort,
    fields.ctReplySourcePort,
    fields.ctReplyDestinationPort,
    fields.ctexpire,
  ].map((field) => [field, 0] as const),
];

/** `-j CT` (xt_CT.c): a packet that has something attached already keeps that. */
export function attachTemplate(space: PacketSpace, state: State): readonly State[] {
  const { inside, outside } = split(space, state, nothingAttached(space, state));
  let { view } = inside;
  for (const [field, value] of ofTemplate) view = view.with(field, constant(value, field.bits));
  return [{ ...inside, view }, outside];
}

/** `-j NOTRACK`, with the same exception. */
export function exemptFromTracking(space: PacketSpace, state: State): readonly State[] {
  const { inside, outside } = split(space, state, nothingAttached(space, state));
  const untracked = constant(ctstates.UNTRACKED, fields.ctstate.bits);
  return [{ ...inside, view: inside.view.with(fields.ctstate, untracked) }, outside];
}

/** Before conntrack, a packet with nothing attached is INVALID, the lowest bit. */
const nothingAttached = (space: PacketSpace, { view }: State): number =>
  space.vector(fields.ctstate, view).at(-1) ?? 0;

/** The packet once conntrack has looked at it. */
export function withoutTemplate(view: View): View {
  const values = new Map(view.values);
  for (const [field] of ofTemplate) values.delete(field);
  return view.having(values);
}
