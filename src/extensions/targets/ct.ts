import { flag } from "../../arg-types/arg-type.ts";
import { bareString } from "../../arg-types/bare-string.ts";
import { connectionEventSet, expectationEventSet } from "../../arg-types/event-set.ts";
import { zone } from "../../arg-types/zone.ts";
import { hasHelper } from "../conntrack-helpers.ts";
import { defineTarget } from "../extension.ts";
import { iptablesSays, kernelRefuses } from "../problem.ts";
import { normalZone } from "../zone-args.ts";

export const ct = defineTarget({
  name: "CT",
  summary: "Says what conntrack shall do with the connection that the packet opens, and goes on",
  validIn: { tables: ["raw"] },
  needsConntrack: { unless: "notrack" },
  options: {
    notrack: { arg: flag, help: "do not track it" },
    helper: { arg: bareString("name", 16, ["ftp", "sip"]), help: "let this helper read it" },
    timeout: { arg: bareString("name", 32, ["web"]), help: "use this timeout policy" },
    ctevents: { arg: connectionEventSet, help: "report only these events of the connection" },
    expevents: { arg: expectationEventSet, help: "report only these events of expectations" },
    "zone-orig": { arg: zone, help: "put it in this zone, for the original direction only" },
    "zone-reply": { arg: zone, help: "put it in this zone, for the reply direction only" },
    zone: { arg: zone, help: "put it in this zone" },
  },
  normalize({ helper, notrack, timeout, ctevents, expevents, ...zones }) {
    return {
      ...(notrack && { notrack }),
      ...(helper && helper.value !== "" ? { helper } : {}),
      // of a rule with --notrack the kernel keeps what it had before there were time-out policies, and 4 bytes of the name
      ...(timeout && { timeout: notrack ? { ...timeout, value: timeout.value.slice(0, 4) } : timeout }),
      ...(ctevents && { ctevents }),
      ...(expevents && { expevents }),
      ...normalZone(zones),
    };
  },
  check({ notrack, helper, timeout }, { protocol, family }) {
    if (notrack) return [];
    if (timeout && (!protocol || protocol.inverted)) {
      const message = "a timeout policy needs a protocol";
      return [kernelRefuses(message, { help: "add e.g. `-p tcp`", option: "timeout" })];
    }
    if (!helper) return [];
    if (hasHelper(helper.value, protocol?.inverted ? undefined : protocol?.value, family)) return [];
    return [
      kernelRefuses(`there is no helper \`${helper.value}\` for this protocol`, {
        help: "give the helper's protocol with -p",
        option: "helper",
        iptables: iptablesSays.notFound,
      }),
    ];
  },
  effects({ notrack, helper, timeout, zone: plain, "zone-orig": original, "zone-reply": reply }) {
    if (notrack) return [{ kind: "notrack" }];
    const arg = plain ?? original ?? reply;
    return [
      {
        kind: "ct",
        ...(helper ? { helper: helper.value } : {}),
        ...(timeout ? { timeoutPolicy: timeout.value } : {}),
        ...(typeof arg?.value === "number" ? { zone: arg.value } : {}),
        ...(arg?.value === "mark" ? { zoneFromMark: true as const } : {}),
        ...(original ? { zoneDirection: "original" as const } : {}),
        ...(reply ? { zoneDirection: "reply" as const } : {}),
      },
    ];
  },
  examples: [
    { rule: "-j CT --notrack", saves: "=" },
    {
      rule: "-p tcp -j CT --zone 3 --expevents new --ctevents mark,new --helper ftp",
      saves: "-p tcp -j CT --helper ftp --ctevents new,mark --expevents new --zone 3",
    },
    { rule: "-j CT --zone-orig mark", saves: "=" },
    { rule: "-j CT --helper ftp", refused: "kernel-refuses" },
    { rule: "-j CT --zone 65536", refused: "bad-value" },
    { rule: "-j CT --notrack", at: "filter/INPUT", refused: "wrong-place" },
  ],
});
