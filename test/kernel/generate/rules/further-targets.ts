import type { TableName } from "../../../../src/extensions/extension.ts";
import type { Hook } from "../../../../src/packet/context.ts";
import { proxyPort } from "../../proxy-sockets.ts";
import type { Dice } from "../dice.ts";

interface FurtherSite {
  readonly table: TableName;
  readonly hook: Hook;
  readonly protocol: number | undefined;
  /** How many conditions the rule has. */
  readonly conditions: number;
}

const tuples = [
  "src",
  "src,dst",
  "src,dst,proto",
  "sport,dport",
  "src,dst,sport,dport,proto",
  "spi,dst",
] as const;

function hmark(dice: Dice): string {
  const what = dice.weighed([
    [4, `--hmark-tuple ${dice.maybe(0.35) ? "ct," : ""}${dice.of(tuples)}`],
    [1, `--hmark-src-prefix ${dice.of([8, 24, 32])} --hmark-dport-mask 0xfff0 --hmark-sport 0x8000`],
    [1, `--hmark-dst-prefix ${dice.of([16, 30])} --hmark-proto-mask 0x0f`],
  ] as const);
  const offset = dice.maybe(0.5) ? ` --hmark-offset ${dice.of([1, 100, 0xffffffff])}` : "";
  return `-j HMARK ${what} --hmark-mod ${dice.of([2, 3, 16, 1000])} --hmark-rnd ${dice.of(["0", "0xfeedcafe"])}${offset}`;
}

const ecn = (dice: Dice, protocol: number | undefined): string => {
  const ip = `--ecn-ip-ect ${dice.between(0, 3)}`;
  if (protocol !== 6) return `-j ECN ${ip}`;
  return `-j ECN ${dice.of(["--ecn-tcp-remove", "--ecn-tcp-cwr 1", "--ecn-tcp-ece 0", `--ecn-tcp-ece 1 ${ip}`])}`;
};

const strip = (dice: Dice): string =>
  `-j TCPOPTSTRIP --strip-options ${dice.of(["mss", "wscale,sack-permitted", "timestamp", "2,3,4,5,8,19"])}`;

/** Known neighbours: whether others answer, Linux waits to see. */
const gateways = [
  ["10.0.0.200", "eth1"],
  ["10.0.0.5", "eth1"],
  ["172.16.5.80", "eth2"],
  ["192.0.2.254", "eth0"],
] as const;

const tee = (dice: Dice): string => {
  const [gateway, device] = dice.of(gateways);
  return dice.maybe(0.1)
    ? "-j TEE --gateway 198.51.100.99"
    : `-j TEE --gateway ${gateway}${dice.maybe(0.2) ? ` --oif ${device}` : ""}`;
};

const tproxy = (dice: Dice): string =>
  `-j TPROXY --on-port ${proxyPort}${dice.of(["", " --tproxy-mark 1/1", " --tproxy-mark 0x2/0x2"])}`;

function synproxy(dice: Dice): string {
  const options = ["--sack-perm", "--timestamp", "--wscale 7", "--mss 1460", "--ecn"];
  return ["-j SYNPROXY", ...options.filter(() => dice.maybe(0.6))].join(" ");
}

const silent = [
  "-j AUDIT --type drop",
  "-j CONNSECMARK --save",
  "-j IDLETIMER --timeout 600 --label netverdict",
  "-j RATEEST --rateest-name seen --rateest-interval 250ms --rateest-ewmalog 1s",
] as const;

/** Targets that few rule sets have; by weight. */
export function furtherTargets({
  table,
  hook,
  protocol,
  conditions,
}: FurtherSite): readonly (readonly [weight: number, make: (dice: Dice) => string])[] {
  const mangle = table === "mangle" ? 1 : 0;
  const tcp = protocol === 6 ? 1 : 0;
  const aimed = conditions >= 2 ? 1 : 0.2;
  const proxied = hook === "PREROUTING" && (protocol === 6 || protocol === 17);
  const guarded = tcp && (hook === "INPUT" || hook === "FORWARD");
  return [
    [mangle * 0.6 + 0.15, hmark],
    [mangle * 0.8, (dice) => ecn(dice, protocol)],
    [mangle * tcp * 1.2, strip],
    [0.2 * aimed, tee],
    [mangle && proxied ? 3 * aimed : 0, tproxy],
    [guarded ? 0.4 * aimed : 0, synproxy],
    [0.1, (dice) => dice.of(silent.filter((text) => mangle || !text.includes("CONNSECMARK")))],
  ];
}
