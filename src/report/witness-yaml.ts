import { hitsOf, placeText } from "../analyse/rule-hits.ts";
import type { Witness } from "../analyse/witness/find-witness.ts";
import type { Decision } from "../evaluate/trace.ts";
import type { PrintRule } from "./rule-view.ts";
import { isoTime } from "./story-lines.ts";
import { isShown, ruleName, summaryWords, type WitnessResult, whyWords } from "./witnesses.ts";

/** A JSON string is a YAML one. */
const quoted = (text: string): string => JSON.stringify(text);

/** Comments must not end before their line does. */
const comment = (text: string): string => `# ${text.replace(/[\r\n]+/g, " ")}`;

/** A packets file (docs/packets-file.md): all witnesses as one flow, each an hour or more after the one before. */
export function packetsYaml(result: WitnessResult, printRule: PrintRule): string {
  const entries = result.found
    .filter(isShown)
    .flatMap((one) =>
      storyEntries(one.witness, one.witness.picked.at - result.now, ruleName(one, printRule)),
    );
  const head = `netverdict trace ${result.rules} --packets THIS --now ${isoTime(result.now)}`;
  const packets = entries.length > 0 ? ["packets:", ...listed(entries)] : ["packets: []"];
  return yaml(result, printRule, head, ["version: 1", ...packets]);
}

/** A policy (docs/check.md): a check for each witness, on a host of its own. */
export function checksYaml(result: WitnessResult, printRule: PrintRule): string {
  const checks = result.found.filter(isShown).map((one) => {
    const { played, picked } = one.witness;
    const place = placeText(one.place);
    const counted = played.traces.reduce((sum, trace) => sum + (hitsOf(trace).get(place) ?? 0), 0);
    const after = result.asksTime ? picked.at - result.now : 0;
    return [
      `name: ${quoted(ruleName(one, printRule))}`,
      "flow:",
      ...listed(storyEntries(one.witness, after)),
      `counters: { ${quoted(place)}: ${counted} }`,
    ];
  });
  const head = `netverdict check THIS --now ${isoTime(result.now)}`;
  return yaml(result, printRule, head, [
    "version: 1",
    `rules: ${quoted(result.rules)}`,
    `family: ${result.family}`,
    checks.length > 0 ? "checks:" : "checks: []",
    ...listed(checks),
  ]);
}

/** The packets of a story, each as the lines of a mapping; the first one says how many seconds after the start it begins. */
function storyEntries(witness: Witness, after: number, name?: string): readonly (readonly string[])[] {
  const { story, played } = witness;
  const own = `packet: ${quoted(story.words)}`;
  const entries: string[][] = story.before.map((one) =>
    one.kind === "words" ? [`packet: ${quoted(one.words)}`] : ["reply: true"],
  );
  if (played.sent > 1) entries.push([own, `repeat: ${played.sent - 1}`]);
  entries.push([
    ...(name === undefined ? [] : [`name: ${quoted(name)}`]),
    own,
    `expect: ${expectation(witness)}`,
  ]);
  if (after > 0) entries[0]?.push(`at: ${after}`);
  return entries;
}

/** Mappings as a YAML list. */
const listed = (entries: readonly (readonly string[])[]): readonly string[] =>
  entries.flatMap((lines) => lines.map((line, index) => `${index === 0 ? "  - " : "    "}${line}`));

/** What the machine did, as a packets file says it. */
function expectation({ played }: Witness): string {
  const { verdict, outcome, decision } = played.trace.fate;
  const by = decidedBy(decision);
  return `{ verdict: ${verdict}, outcome: ${outcome}${by === undefined ? "" : `, rule: ${quoted(by)}`} }`;
}

function decidedBy(decision: Decision): string | undefined {
  switch (decision.kind) {
    case "rule":
      return placeText(decision);
    case "policy":
      return placeText({ ...decision, number: "policy" });
    case "host":
      return undefined;
  }
}

function yaml(
  result: WitnessResult,
  printRule: PrintRule,
  command: string,
  lines: readonly string[],
): string {
  const without = result.found.flatMap((one) =>
    isShown(one) ? [] : [comment(`${ruleName(one, printRule)}: ${whyWords(one.none)}`)],
  );
  return `${[
    comment(`${summaryWords(result)}; run by: ${command}`),
    ...result.assumptions.map((text) => comment(`assumed: ${text}`)),
    ...lines,
    ...(without.length > 0 ? [comment("without a witness:"), ...without] : []),
  ].join("\n")}\n`;
}
