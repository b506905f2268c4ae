import type { FoundWitness } from "../analyse/find.ts";
import { visibleText } from "../diagnostics/visible-text.ts";
import { deciderLine, outcomeWords } from "./diff-sides.ts";
import type { FindResult } from "./find.ts";
import type { PrintRule } from "./rule-view.ts";
import { isoTime, runLine, storyLines } from "./story-lines.ts";
import type { Style } from "./style.ts";
import { traceText } from "./trace-text.ts";

export interface FindTextOptions {
  readonly style: Style;
  readonly printRule: PrintRule;
  /** Show the witnesses' traces. */
  readonly verbose: boolean;
}

/** What `find` says, for people. */
export function findText(result: FindResult, options: FindTextOptions): string {
  const { style } = options;
  const { witnesses, regions, counts, isAll, assumptions } = result;
  const blocks = [
    answerLine(result, style),
    ...(counts
      ? [counts.map(({ path, flows, certain }) => countLine(path, flows, certain)).join("\n")]
      : witnesses.map((one, index) => witnessLines(one, index, result.now, options).join("\n"))),
  ];
  const shown = new Set(witnesses.map(({ region }) => region)).size;
  const tail = [
    ...(shown === regions.length ? [] : [notShownLine(regions.length - shown)]),
    ...(isAll ? [] : ["… there may be more regions of packets: --limit 0 shows one of each"]),
    ...(witnesses.length === 0
      ? listed("depends on ", [...new Set([...regions, ...(counts ?? [])].flatMap((one) => one.dependsOn))])
      : []),
    ...listed("assumed ", assumptions),
  ];
  return `${[...blocks, ...(tail.length > 0 ? [tail.join("\n")] : [])].filter((block) => block !== "").join("\n\n")}\n`;
}

function answerLine({ answer, goal, witnesses, counts }: FindResult, style: Style): string {
  switch (answer) {
    case "never":
      return `${style.bad("never")}   proved: no such packet is ${goal}`;
    case "always":
      return `${style.good("always")}  proved: every such packet is ${goal}`;
    case "some":
      return `${style.good("some")}    such packets are ${goal}, others are not`;
    case "may":
      return witnesses.length > 0 || counts
        ? `${style.changed("may")}     it depends on more than the packet whether it is ${goal}`
        : `${style.changed("may")}     neither proved nor shown that such a packet is ${goal}`;
  }
}

const notShownLine = (left: number): string =>
  `no packet could be shown of ${left} region${left === 1 ? "" : "s"} of packets`;

const countLine = (path: string, flows: bigint, certain: bigint): string =>
  `${path.padEnd(8)}${numberWords(flows)} flows${certain === flows ? "" : `, ${numberWords(certain)} of them for certain`}`;

/** Exact as long as a person can read it. */
const numberWords = (value: bigint): string =>
  value < 10n ** 12n ? String(value) : `about ${Number(value).toExponential(2).replace("e+", " * 10^")}`;

const listed = (head: string, texts: readonly string[]): readonly string[] =>
  texts.map((text, index) => `${index === 0 ? head : " ".repeat(head.length)}${visibleText(text)}`);

function witnessLines(
  { region, witness }: FoundWitness,
  index: number,
  now: number,
  { style, printRule, verbose }: FindTextOptions,
): readonly string[] {
  const { path, by, certainty, dependsOn } = region;
  const words = outcomeWords(region);
  const look = words.startsWith("ACCEPT") ? style.good : style.bad;
  const lines = [
    `${style.strong(String(index + 1))}  ${path}  ${look(words)} by ${deciderLine(by, printRule)}`,
    ...listed("   before  ", storyLines(witness)),
    `   packet  ${style.strong(visibleText(witness.story.words))}`,
    ...(witness.picked.at === now ? [] : [`   at      ${isoTime(witness.picked.at)}`]),
    `   ${certainty.padEnd(6)}  ${runLine(witness)}`,
    ...listed("   depends on ", dependsOn),
  ];
  if (!verbose) return lines;
  const trace = traceText(witness.played.trace, { style, printRule, verbose: true });
  return [...lines, "", ...trace.trimEnd().split("\n")];
}
