import { printAddress } from "../../../../src/packet/address.ts";
import type { Dice } from "../dice.ts";
import { type Condition, not } from "./condition.ts";
import type { Sight } from "./sight.ts";

/** Of `-m conntrack`, but for `--ctstate`. Times to live are asked with bounds that no time-out comes near. */
function conntrackOptions(
  dice: Dice,
  { protocol, source, destination, sourcePort, destinationPort }: Sight,
): string {
  const address = () => printAddress(dice.maybe(0.5) ? source : destination);
  const network = () => `${address()}${dice.of(["", "/24", "/8"])}`;
  const port = () => dice.of([sourcePort, destinationPort, `${Math.max(1, destinationPort - 3)}:65535`]);
  const ports = protocol === 6 || protocol === 17;
  const parts: readonly (readonly [number, () => string])[] = [
    [1, () => `--ctproto ${protocol}`],
    [2, () => `--ctorigsrc ${network()}`],
    [2, () => `--ctorigdst ${network()}`],
    [2, () => `--ctreplsrc ${network()}`],
    [2, () => `--ctrepldst ${network()}`],
    [ports ? 1 : 0, () => `--ctorigsrcport ${port()}`],
    [ports ? 1 : 0, () => `--ctorigdstport ${port()}`],
    [ports ? 1 : 0, () => `--ctreplsrcport ${port()}`],
    [ports ? 1 : 0, () => `--ctrepldstport ${port()}`],
    [
      3,
      () =>
        `--ctstatus ${dice.of(["NONE", "SEEN_REPLY", "ASSURED", "CONFIRMED", "SEEN_REPLY,ASSURED", "EXPECTED"])}`,
    ],
    [1, () => `--ctexpire ${dice.of(["1:45", "45:", "90:1000", "5000:"])}`],
  ];
  const options = new Map<string, string>();
  for (let rest = dice.of([1, 1, 2]); rest > 0; rest--) {
    const option = dice.weighed(parts)();
    options.set(option.split(" ")[0] ?? "", option);
  }
  const direction = dice.maybe(0.35) ? ` --ctdir ${dice.of(["ORIGINAL", "REPLY"])}` : "";
  const words = [...options.values()].map((option) => {
    const invertible = option.startsWith("--ctproto") ? 0.1 : 0.2;
    return `${not(dice, invertible)}${option}`;
  });
  return `-m conntrack ${words.join(" ")}${direction}`;
}

const bytesModes = ["packets", "bytes", "avgpkt"] as const;

function connbytesMatch(dice: Dice): string {
  const mode = dice.of(bytesModes);
  const range = mode === "packets" ? dice.of(["2", "1:3", "4:"]) : dice.of(["40:100", "100:", "0:60"]);
  const direction = dice.of(["original", "reply", "both"]);
  return `-m connbytes ${not(dice)}--connbytes ${range} --connbytes-dir ${direction} --connbytes-mode ${mode}`;
}

/** Rates so slow that nothing comes back while a scenario runs. */
function hashlimitMatch(dice: Dice): string {
  const rate = `--hashlimit-${dice.of(["upto", "above"])} ${dice.between(1, 3)}/${dice.of(["min", "hour"])}`;
  const mode = dice.of([
    "",
    "srcip",
    "dstip",
    "srcip,dstport",
    "dstip,srcport",
    "srcip,srcport,dstip,dstport",
  ]);
  const mask = mode.includes("srcip") && dice.maybe(0.3) ? " --hashlimit-srcmask 16" : "";
  const burst = ` --hashlimit-burst ${dice.between(1, 4)}`;
  const id = dice.below(1e6);
  const window = id % 4 === 0 ? " --hashlimit-rate-match" : "";
  return `-m hashlimit ${rate}${burst}${mode ? ` --hashlimit-mode ${mode}` : ""}${mask}${window} --hashlimit-name h${id}`;
}

/** Matches with a memory: of the connection or of what passed the rule before. */
export const connectionConditions: readonly Condition[] = [
  { weight: 5, needsConntrack: true, text: conntrackOptions },
  {
    weight: 2,
    needsConntrack: true,
    text: (dice) => `-m connmark ${not(dice)}--mark ${dice.of(["0", "1", "0x10/0xf0", "0x2/0x2"])}`,
  },
  { weight: 2, needsConntrack: true, text: connbytesMatch },
  {
    weight: 2,
    needsConntrack: true,
    text: (dice) =>
      `-m connlabel ${not(dice)}--label ${dice.of([0, 1, 1, 2, 127])}${dice.maybe(0.5) ? " --set" : ""}`,
  },
  {
    weight: 1,
    needsConntrack: true,
    text: (dice) => `-m helper ${not(dice)}--helper ${dice.of(["ftp", "sip"])}`,
  },
  { weight: 2, text: hashlimitMatch },
  { weight: 1.5, text: (dice) => `-m quota ${not(dice)}--quota ${dice.of([0, 60, 200, 1000, 100000])}` },
  {
    weight: 2,
    text: (dice) => {
      const every = dice.between(1, 4);
      return `-m statistic --mode nth ${not(dice)}--every ${every} --packet ${dice.below(every)}`;
    },
  },
  {
    weight: 1.5,
    needsConntrack: true,
    text: (dice) => {
      const nodes = dice.between(2, 4);
      const seed = dice.of(["0xdeadbeef", "0x1", "0"]);
      return `-m cluster --cluster-total-nodes ${nodes} ${not(dice)}--cluster-local-node ${dice.between(1, nodes)} --cluster-hash-seed ${seed}`;
    },
  },
];
