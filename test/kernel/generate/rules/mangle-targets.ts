import type { TableName } from "../../../../src/extensions/extension.ts";
import type { Hook } from "../../../../src/packet/context.ts";
import type { Dice } from "../dice.ts";

/** Where a target that changes a packet or its marks would stand. */
interface MangleSite {
  readonly table: TableName;
  readonly hook: Hook;
  readonly protocol: number | undefined;
}

const of = (texts: readonly string[]) => (dice: Dice) => dice.of(texts);

const connmark = of([
  "-j CONNMARK --save-mark",
  "-j CONNMARK --restore-mark",
  "-j CONNMARK --set-mark 1",
  "-j CONNMARK --set-xmark 0x10/0xf0",
  "-j CONNMARK --save-mark --nfmask 0xf0 --ctmask 0xff",
  "-j CONNMARK --restore-mark --mask 0xff",
  "-j CONNMARK --or-mark 0x2",
]);
const tos = of([
  "-j TOS --set-tos 0x10",
  "-j TOS --set-tos 0xb8/0xfc",
  "-j TOS --and-tos 0x0f",
  "-j TOS --or-tos 0x20",
  "-j TOS --xor-tos 0x11",
]);
const dscp = of(["-j DSCP --set-dscp 0x2e", "-j DSCP --set-dscp-class CS1", "-j DSCP --set-dscp 0"]);
const ttl = of([
  "-j TTL --ttl-set 64",
  "-j TTL --ttl-dec 1",
  "-j TTL --ttl-inc 5",
  "-j TTL --ttl-set 1",
  "-j TTL --ttl-dec 63",
]);
const classify = of(["-j CLASSIFY --set-class 1:10", "-j CLASSIFY --set-class 0:0"]);
const nflog = of(["-j NFLOG", '-j NFLOG --nflog-group 3 --nflog-prefix "seen " --nflog-threshold 2']);

function tcpmss(dice: Dice, hook: Hook): string {
  const clamp = hook === "FORWARD" || hook === "OUTPUT" || hook === "POSTROUTING";
  const how = clamp && dice.maybe(0.4) ? "--clamp-mss-to-pmtu" : `--set-mss ${dice.of([536, 1200, 1452])}`;
  return `--tcp-flags SYN,RST SYN -j TCPMSS ${how}`;
}

/** Targets that change a packet, its marks or where it is told of, and let it go on; by weight. */
export function mangleTargets({
  table,
  hook,
  protocol,
}: MangleSite): readonly (readonly [weight: number, make: (dice: Dice) => string])[] {
  const mangle = table === "mangle" ? 1 : 0;
  const leaving = hook === "FORWARD" || hook === "OUTPUT" || hook === "POSTROUTING";
  return [
    [mangle * 1.5 + 0.2, connmark],
    [mangle, tos],
    [mangle, dscp],
    [mangle, ttl],
    [mangle && leaving ? 0.5 : 0, classify],
    [mangle && protocol === 17 ? 1 : 0, () => "-j CHECKSUM --checksum-fill"],
    [protocol === 6 ? mangle * 3 : 0, (dice) => tcpmss(dice, hook)],
    [0.3, nflog],
    [table === "raw" ? 0.5 : 0, () => "-j TRACE"],
  ];
}
