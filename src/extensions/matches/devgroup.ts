import { deviceGroup } from "../../arg-types/device-group.ts";
import type { MarkMask } from "../../arg-types/mark.ts";
import { hex } from "../../arg-types/mark.ts";
import type { DeviceField } from "../../formula/formula.ts";
import { and, type Formula, invertIf, opaque } from "../../formula/formula.ts";
import type { Hook } from "../../packet/context.ts";
import { type Arg, defineMatch, type Problem } from "../extension.ts";
import { misplaced, missing } from "../problem.ts";

/** `(group ^ value) & mask`: bits of the value outside of the mask do not count (devgroup_mt). */
function groupIs(field: DeviceField, arg: Arg<MarkMask> | undefined): readonly Formula[] {
  if (!arg) return [];
  const { value, mask } = arg.value;
  const direction = field === "inDevice" ? "incoming" : "outgoing";
  const key = `group of the ${direction} interface is ${hex(value)}/${hex(mask)}`;
  const fits = opaque(key, (context) => {
    const device = context[field];
    const group = device === undefined ? undefined : context.world.deviceGroup?.(device);
    if (group === undefined) {
      context.world.assume(`the group of ${device ?? "no interface"} is not known: taken as 0, the default`);
    }
    return (((group ?? 0) ^ value) & mask) === 0;
  });
  return [invertIf(arg.inverted, fits)];
}

function noInterface(hooks: readonly Hook[], option: string, strange: readonly Hook[]): readonly Problem[] {
  const stray = hooks.find((hook) => strange.includes(hook));
  if (!stray) return [];
  const message = `a packet has no such interface in ${stray}: \`--${option}\` is not valid there`;
  return [misplaced(message, { option })];
}

export const devgroup = defineMatch({
  name: "devgroup",
  summary: "The groups of the interfaces by which the packet comes and goes (`ip link set … group`)",
  options: {
    "src-group": { arg: deviceGroup, help: "group of the incoming interface", invertible: true },
    "dst-group": { arg: deviceGroup, help: "group of the outgoing interface", invertible: true },
  },
  check({ "src-group": source, "dst-group": destination }, { hooks }) {
    if (!source && !destination) {
      return [missing("devgroup match: You must specify either '--src-group' or '--dst-group'")];
    }
    return [
      ...(source ? noInterface(hooks, "src-group", ["OUTPUT", "POSTROUTING"]) : []),
      ...(destination ? noInterface(hooks, "dst-group", ["PREROUTING", "INPUT"]) : []),
    ];
  },
  meaning: ({ "src-group": source, "dst-group": destination }) =>
    and(...groupIs("inDevice", source), ...groupIs("outDevice", destination)),
  examples: [
    { rule: "-m devgroup --src-group 1 -j ACCEPT", saves: "-m devgroup --src-group 0x1 -j ACCEPT" },
    {
      rule: "-m devgroup ! --dst-group 0 --src-group 0x10/0xf0",
      at: "filter/FORWARD",
      saves: "-m devgroup --src-group 0x10/0xf0 ! --dst-group default",
    },
    { rule: "-m devgroup", refused: "option-missing" },
    { rule: "-m devgroup --src-group lan", refused: "bad-value" },
    { rule: "-m devgroup --dst-group 1", refused: "wrong-place" },
  ],
});
