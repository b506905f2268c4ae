/**
 * `npx tsx scripts/conformance.ts FIGURES.json...`: writes what campaigns of `npm run test:kernel -- --figures FILE` measured
 * into docs/conformance.md, between its two marks.
 */
import { readFileSync, writeFileSync } from "node:fs";
import type { CampaignData, Tally } from "../test/kernel/figures.ts";

const file = "docs/conformance.md";
const begin = "<!-- measured: begin -->";
const end = "<!-- measured: end -->";

const number = (value: number): string => value.toLocaleString("en-US");
const row = (cells: readonly (string | number)[]): string =>
  `| ${cells.map((cell) => (typeof cell === "number" ? number(cell) : cell)).join(" | ")} |`;
const table = (head: readonly string[], rows: readonly (readonly (string | number)[])[]): string =>
  [row(head), row(head.map((_, index) => (index === 0 ? "---" : "---:"))), ...rows.map(row)].join("\n");

type Tallies = Readonly<Record<string, Tally>>;

/** The campaigns' tallies added up, the largest first. */
function sum(all: readonly Tallies[]): (readonly [name: string, tally: Tally])[] {
  const total = new Map<string, Tally>();
  for (const [name, tally] of all.flatMap((one) => Object.entries(one))) {
    const { total: before, good } = total.get(name) ?? { total: 0, good: 0 };
    total.set(name, { total: before + tally.total, good: good + tally.good });
  }
  return [...total].sort(([a, x], [b, y]) => y.total - x.total || a.localeCompare(b));
}

const rows = (tallies: readonly (readonly [string, Tally])[]) =>
  tallies.map(([name, { total, good }]) => [name, total, good] as const);

function report(campaigns: readonly CampaignData[]): string {
  const perSeed = campaigns.map(({ seed, scenarios, packets, rules }) => [
    `\`${seed}\``,
    ...[scenarios.total, scenarios.good, packets.total, packets.good, rules.total, rules.good],
  ]);
  const extensions = sum(campaigns.map((campaign) => campaign.extensions));
  const protocols = sum(campaigns.map((campaign) => campaign.protocols));
  const seeds = ["seed", "scenarios", "agree", "packets", "agree", "rules", "hit"];
  return [
    table(seeds, perSeed),
    "\nBy kind of scenario:\n",
    table(["kind", "scenarios", "agree"], rows(sum(campaigns.map((campaign) => campaign.kinds)))),
    "\nBy protocol, as the packets arrived:\n",
    table(["protocol", "packets", "agree"], rows(protocols)),
    "\nBy extension, in how many rules and how many of these a packet hit:\n",
    table(["extension", "rules", "hit"], rows(extensions)),
  ].join("\n");
}

const campaigns = process.argv.slice(2).map((path) => JSON.parse(readFileSync(path, "utf8")) as CampaignData);
const text = readFileSync(file, "utf8");
const before = text.slice(0, text.indexOf(begin) + begin.length);
const after = text.slice(text.indexOf(end));
writeFileSync(file, `${before}\n${report(campaigns)}\n${after}`);
