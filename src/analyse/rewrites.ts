import { printAddress } from "../packet/address.ts";
import { destinationField, type Field, fields, sourceField } from "../packet/fields.ts";
import type { PacketSpace } from "./packet-space.ts";
import { constantOf, subtractConstant, type Vector } from "./vector.ts";
import type { View } from "./view.ts";

/** How a view's packets differ from the ones that came in, for people. */
export function describeRewrites(space: PacketSpace, view: View): readonly string[] {
  return [
    ...endText(space, view, "destination"),
    ...endText(space, view, "source"),
    ...numberText(space, view, fields.mark, "mark"),
    ...numberText(space, view, fields.ctmark, "connmark"),
    ...numberText(space, view, fields.tos, "TOS"),
    ...numberText(space, view, fields.ttl, "TTL"),
  ];
}

function endText(space: PacketSpace, view: View, end: "destination" | "source"): readonly string[] {
  const field = (end === "source" ? sourceField : destinationField)(space.family);
  const address = view.rewritten(field);
  const port = view.rewritten(end === "source" ? fields.sourcePort : fields.destinationPort);
  if (!address && !port) return [];
  const shownAddress = address && addressText(space, address, space.vector(field));
  const portValue = port && constantOf(port);
  const shownPort = port && (portValue === undefined ? "?" : String(portValue));
  if (shownAddress === undefined) return [`${end} port ${shownPort}`];
  if (shownPort === undefined) return [`${end} ${shownAddress}`];
  const host = shownAddress.includes(":") ? `[${shownAddress}]` : shownAddress;
  return [`${end} ${host}:${shownPort}`];
}

/** The address where it is one, the known prefix where it is not; `?` for one that nobody knows. */
function addressText(space: PacketSpace, vector: Vector, old: Vector): string {
  const fixed = vector.findIndex((bit) => bit > 1);
  const length = fixed < 0 ? vector.length : fixed;
  if (length === 0) return "?";
  const value = constantOf(vector.map((bit) => (bit > 1 ? 0 : bit))) ?? 0n;
  const text = printAddress(space.family === "ipv4" ? Number(value) : value);
  const keeps = vector.every((bit, at) => at < length || bit === old[at]);
  if (length === vector.length) return text;
  return keeps ? `${text}/${length} (network only)` : `${text}/${length}`;
}

function numberText(space: PacketSpace, view: View, field: Field, name: string): readonly string[] {
  const vector = view.rewritten(field);
  if (!vector) return [];
  const old = space.vector(field);
  // what forwarding does to every packet is no rule's doing
  if (field === fields.ttl && isSame(vector, subtractConstant(space.bdd, old, 1).difference)) return [];
  const hex = (value: bigint) => (field === fields.ttl ? String(value) : `0x${value.toString(16)}`);
  const whole = constantOf(vector);
  if (whole !== undefined) return [`${name} ${hex(whole)}`];
  const isSet = vector.map((bit, at): number => (bit < 2 && bit !== old[at] ? 1 : 0));
  const kept = vector.every((bit, at) => bit < 2 || bit === old[at]);
  if (!kept) return [`${name} changed`];
  const mask = constantOf(isSet) ?? 0n;
  if (mask === 0n) return [];
  const value = constantOf(vector.map((bit, at) => (isSet[at] ? bit : 0))) ?? 0n;
  return [`${name} ${hex(value)}/${hex(mask)}`];
}

const isSame = (a: Vector, b: Vector): boolean => a.every((bit, at) => bit === b[at]);
