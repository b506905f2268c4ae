import { flag } from "../../arg-types/arg-type.ts";
import { integer } from "../../arg-types/integer.ts";
import { allMarkBits, mark } from "../../arg-types/mark.ts";
import { defineTarget } from "../extension.ts";
import { markChange, markChangeSugar } from "../mark-change.ts";
import { plain } from "../plain-arg.ts";
import { kernelRefuses, missing } from "../problem.ts";

const shiftBits = integer({ min: 0, max: 32, placeholder: "bits" });

export const connmark = defineTarget({
  name: "CONNMARK",
  summary: "Changes the connection's mark, or copies it to or from the packet's, and goes on",
  needsConntrack: true,
  options: {
    "set-xmark": { ...markChange, excludes: ["save-mark", "restore-mark"] },
    ...markChangeSugar,
    "save-mark": { arg: flag, help: "copy the packet's mark to the connection", excludes: ["restore-mark"] },
    "restore-mark": { arg: flag, help: "copy the connection's mark to the packet" },
    nfmask: { arg: mark, help: "bits of the packet's mark that count", excludes: ["mask"] },
    ctmask: { arg: mark, help: "bits of the connection's mark that count", excludes: ["mask"] },
    mask: { arg: mark, help: "both masks at once" },
    "left-shift-mark": { arg: shiftBits, help: "shift the mark to the left" },
    "right-shift-mark": { arg: shiftBits, help: "shift the mark to the right" },
  },
  normalize(args) {
    const { "set-xmark": set, nfmask, ctmask, mask, ...rest } = args;
    const { "left-shift-mark": left, "right-shift-mark": right, ...copy } = rest;
    // the last one counts
    const last = Object.keys(rest).findLast(
      (name) => name === "left-shift-mark" || name === "right-shift-mark",
    );
    const turned = {
      ...(last === "left-shift-mark" && left?.value ? { "left-shift-mark": left } : {}),
      ...(last === "right-shift-mark" && right?.value ? { "right-shift-mark": right } : {}),
    };
    const ct = ctmask ?? mask;
    // so does the mask: one that was given before the mark is forgotten
    const names = Object.keys(args);
    const maskIsLater = names.indexOf(ctmask ? "ctmask" : "mask") > names.indexOf("set-xmark");
    if (set)
      return {
        "set-xmark": plain({ value: set.value.value, mask: ct && maskIsLater ? ct.value : set.value.mask }),
        ...turned,
      };
    if (!copy["save-mark"] && !copy["restore-mark"]) return {};
    return {
      ...copy,
      nfmask: nfmask ?? mask ?? plain(allMarkBits),
      ctmask: ct ?? plain(allMarkBits),
      ...turned,
    };
  },
  check({ "set-xmark": set, "save-mark": save, "restore-mark": restore, ...args }) {
    if (!(set ?? save ?? restore)) {
      return [missing("CONNMARK target: No operation specified")];
    }
    const shift = args["left-shift-mark"] ?? args["right-shift-mark"];
    if (!shift || shift.value < 32) return [];
    return [kernelRefuses("a mark of 32 bits is shifted by 31 at most")];
  },
  effects({ "set-xmark": set, "save-mark": save, nfmask, ctmask, ...args }) {
    const shift = (args["left-shift-mark"]?.value ?? 0) - (args["right-shift-mark"]?.value ?? 0);
    const base = { kind: "connmark", shift, nfMask: nfmask?.value ?? allMarkBits } as const;
    if (set) return [{ ...base, operation: "set", value: set.value.value, ctMask: set.value.mask }];
    return [
      { ...base, operation: save ? "save" : "restore", value: 0, ctMask: ctmask?.value ?? allMarkBits },
    ];
  },
  examples: [
    {
      rule: "-j CONNMARK --set-mark 1",
      at: "mangle/PREROUTING",
      saves: "-j CONNMARK --set-xmark 0x1/0xffffffff",
    },
    {
      rule: "-j CONNMARK --save-mark --mask 0xff",
      at: "mangle/POSTROUTING",
      saves: "-j CONNMARK --save-mark --nfmask 0xff --ctmask 0xff",
    },
    {
      rule: "-j CONNMARK --restore-mark",
      at: "mangle/PREROUTING",
      saves: "-j CONNMARK --restore-mark --nfmask 0xffffffff --ctmask 0xffffffff",
    },
    { rule: "-j CONNMARK", refused: "option-missing" },
    { rule: "-j CONNMARK --save-mark --restore-mark", refused: "option-conflict" },
    { rule: "-j CONNMARK --save-mark --left-shift-mark 32", refused: "kernel-refuses" },
  ],
});
