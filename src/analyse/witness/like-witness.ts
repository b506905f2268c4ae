import { and, equals, type Formula } from "../../formula/formula.ts";
import { fields } from "../../packet/fields.ts";
import type { PacketSet, PacketSpace } from "../packet-space.ts";
import type { Witness } from "./find-witness.ts";

/** The packets that a person would call the same as a witness: of its interfaces, protocol, port and state. */
export function likeWitness({ picked }: Witness, space: PacketSpace): PacketSet {
  const { inDevice, outDevice, protocol, destinationPort, icmp } = picked.facts;
  const device = (field: "inDevice" | "outDevice", name: string | undefined): readonly Formula[] =>
    name === undefined ? [] : [{ kind: "device", field, name, prefix: false }];
  const same = and(
    ...device("inDevice", inDevice),
    ...device("outDevice", outDevice),
    equals(fields.protocol, protocol),
    ...(destinationPort === undefined ? [] : [equals(fields.destinationPort, destinationPort)]),
    ...(icmp ? [equals(fields.icmpType, icmp.type)] : []),
  );
  return space.and(space.set(same), space.ct.state(picked.state));
}
