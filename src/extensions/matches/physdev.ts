import { flag } from "../../arg-types/arg-type.ts";
import { interfaceName } from "../../arg-types/interface-name.ts";
import { opaque } from "../../formula/formula.ts";
import type { Context } from "../../packet/context.ts";
import { type BridgePorts, fitsBridge } from "../bridge-ports.ts";
import { defineMatch } from "../extension.ts";
import { optionText } from "../option-text.ts";
import { misplaced, missing } from "../problem.ts";

const options = {
  "physdev-is-in": { arg: flag, help: "it came in by a bridge", invertible: true },
  "physdev-in": { arg: interfaceName, help: "the port it came in by", invertible: true },
  "physdev-is-out": { arg: flag, help: "it will leave by a bridge", invertible: true },
  "physdev-out": { arg: interfaceName, help: "the port it will leave by", invertible: true },
  "physdev-is-bridged": { arg: flag, help: "it is bridged, not routed", invertible: true },
} as const;

const mayBeBridged =
  "whether a bridge carries the packet was not told (`--physdev-in`, `--physdev-out`): taken as not";

/** The ports of the bridge that carries the packet; `undefined` where none does. */
function portsOf({ packet, inDevice, outDevice, world }: Context): BridgePorts | undefined {
  const { bridgeIn, bridgeOut } = packet.told;
  if (bridgeIn !== undefined || bridgeOut !== undefined) return { in: bridgeIn, out: bridgeOut };
  const known = [inDevice, outDevice].every(
    (device) => device === undefined || world.isBridge?.(device) === false,
  );
  if (!known) world.assume(mayBeBridged);
  return undefined;
}

export const physdev = defineMatch({
  name: "physdev",
  summary:
    "The ports of the bridge that carries a packet, as `--physdev-in` and `--physdev-out` of the packet say",
  options,
  check(args, { hooks }) {
    if (!Object.values(args).some((arg) => arg !== undefined)) {
      return [missing("PHYSDEV: no physdev option specified")];
    }
    const bridged = args["physdev-is-bridged"];
    const leaves = args["physdev-out"] || args["physdev-is-out"];
    if (!leaves || (bridged && !bridged.inverted) || !hooks.includes("OUTPUT")) return [];
    return [misplaced("--physdev-out and --physdev-is-out on OUTPUT work with bridged traffic only")];
  },
  meaning: (args, { family }) =>
    opaque(optionText("physdev", options, args, family), (context) => fitsBridge(args, portsOf(context))),
  examples: [
    {
      rule: "-m physdev --physdev-is-bridged ! --physdev-in eth+ -j ACCEPT",
      at: "filter/FORWARD",
      saves: "-m physdev ! --physdev-in eth+ --physdev-is-bridged -j ACCEPT",
    },
    {
      rule: "-m physdev --physdev-in port+ --physdev-is-bridged",
      at: "filter/FORWARD",
      packet: "-i br0 -o br0 -p tcp --syn --physdev-in port1 --physdev-out port2",
      matches: true,
    },
    { rule: "-m physdev --physdev-in an-interface-too-long", refused: "bad-value" },
    { rule: "-m physdev --physdev-out eth0", at: "filter/OUTPUT", refused: "wrong-place" },
    { rule: "-m physdev", refused: "option-missing" },
  ],
});
