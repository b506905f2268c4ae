import { flag } from "../../arg-types/arg-type.ts";
import { interfaceName } from "../../arg-types/interface-name.ts";
import { and, type Formula, invertIf, unknown } from "../../formula/formula.ts";
import { type Arg, defineMatch } from "../extension.ts";

/** physdev_mt: for a packet that no bridge carries, exactly the inverted options hold. */
const notBridged = (option: string, arg: Arg<string | true> | undefined): readonly Formula[] =>
  arg ? [invertIf(arg.inverted, unknown(`bridges are not modelled: no packet has --${option}`))] : [];

export const physdev = defineMatch({
  name: "physdev",
  summary: "The ports of a bridge that a bridged packet takes; bridges themselves are not modelled",
  options: {
    "physdev-in": { arg: interfaceName, help: "the port it came in by", invertible: true },
    "physdev-is-in": { arg: flag, help: "it came in by a bridge", invertible: true },
    "physdev-out": { arg: interfaceName, help: "the port it will leave by", invertible: true },
    "physdev-is-out": { arg: flag, help: "it will leave by a bridge", invertible: true },
    "physdev-is-bridged": { arg: flag, help: "it is bridged, not routed", invertible: true },
  },
  check(args, { hooks }) {
    if (!Object.values(args).some((arg) => arg !== undefined)) {
      return [{ code: "option-missing", message: "PHYSDEV: no physdev option specified" }];
    }
    const bridged = args["physdev-is-bridged"];
    const leaves = args["physdev-out"] || args["physdev-is-out"];
    if (!leaves || (bridged && !bridged.inverted) || !hooks.includes("OUTPUT")) return [];
    const message = "--physdev-out and --physdev-is-out on OUTPUT work with bridged traffic only";
    return [{ code: "wrong-place", message, kernel: true }];
  },
  meaning: (args) =>
    and(
      ...notBridged("physdev-is-bridged", args["physdev-is-bridged"]),
      ...notBridged("physdev-is-in", args["physdev-is-in"]),
      ...notBridged("physdev-is-out", args["physdev-is-out"]),
      ...notBridged("physdev-in", args["physdev-in"]),
      ...notBridged("physdev-out", args["physdev-out"]),
    ),
  examples: [
    {
      rule: "-m physdev --physdev-is-bridged ! --physdev-in eth+ -j ACCEPT",
      at: "filter/FORWARD",
      saves: "-m physdev ! --physdev-in eth+ --physdev-is-bridged -j ACCEPT",
    },
    { rule: "-m physdev --physdev-in an-interface-too-long", refused: "bad-value" },
    { rule: "-m physdev --physdev-out eth0", at: "filter/OUTPUT", refused: "wrong-place" },
    { rule: "-m physdev", refused: "option-missing" },
  ],
});
