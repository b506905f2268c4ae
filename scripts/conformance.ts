/**
 * `npm run conformance -- --seeds A,B,C [--scenarios 500] [--jobs N]`: runs a campaign of `npm run test:kernel` for each seed
 * and writes what they measured into docs/conformance.md, between its two marks. `npm run conformance -- FIGURES.json...` takes
 * campaigns that ran before, with `--figures FILE`.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
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
  const users = new Map(sum(campaigns.map((campaign) => campaign.users)));
  const extensions = sum(campaigns.map((campaign) => campaign.extensions)).map(
    ([name, { total, good }]) => [name, total, good, ...Object.values(users.get(name) ?? {})] as const,
  );
  const protocols = sum(campaigns.map((campaign) => campaign.protocols));
  const seeds = ["seed", "scenarios", "agree", "packets", "agree", "rules", "hit"];
  return [
    `On ${distinct(campaigns, "date")} with Linux ${distinct(campaigns, "kernel")} and iptables ${distinct(campaigns, "iptables")}:\n`,
    table(seeds, perSeed),
    ...undecided(campaigns),
    "\nBy kind of scenario:\n",
    table(["kind", "scenarios", "agree"], rows(sum(campaigns.map((campaign) => campaign.kinds)))),
    "\nBy protocol, as the packets arrived:\n",
    table(["protocol", "packets", "agree"], rows(protocols)),
    "\nBy extension: rules that have it, those of them that a packet hit, scenarios that have it, those of them that agree:\n",
    table(["extension", "rules", "hit", "scenarios", "agree"], extensions),
  ].join("\n");
}

function undecided(campaigns: readonly CampaignData[]): string[] {
  const names = campaigns.flatMap((campaign) => campaign.undecided.map((name) => `\`${name}\``));
  if (names.length === 0) return ["\nThe kernel was asked once about each of them."];
  return [
    `\nThe kernel differed from itself when it was asked again about ${names.join(", ")}, and agreed then.`,
  ];
}

/** What the campaigns say of one thing, each answer once. */
const distinct = (campaigns: readonly CampaignData[], what: "date" | "kernel" | "iptables"): string =>
  [...new Set(campaigns.map((campaign) => campaign[what]))].sort().join(", ");

/** Runs a campaign; gives the file with its figures. Disagreements are a result as well, so the exit status is not asked. */
function campaign(seed: string, options: readonly string[]): string {
  const figures = join(mkdtempSync(join(tmpdir(), "netverdict-")), `${seed}.json`);
  const command = ["test/kernel/main.ts", "--seed", seed, "--figures", figures, ...options];
  const spec = ["--spec", "test/kernel/live.kernel.ts"];
  spawnSync(process.execPath, ["--import", "tsx", ...command, ...spec], { stdio: "inherit" });
  return figures;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seeds: { type: "string" },
    scenarios: { type: "string", default: "500" },
    jobs: { type: "string", default: "4" },
  },
});
const options = ["--scenarios", values.scenarios, "--jobs", values.jobs];
const files = [...positionals, ...(values.seeds?.split(",") ?? []).map((seed) => campaign(seed, options))];
if (files.length === 0) {
  console.error("usage: npm run conformance -- --seeds A,B,C [--scenarios N] [--jobs N] | FIGURES.json...");
  process.exit(2);
}
const campaigns = files.map((path) => JSON.parse(readFileSync(path, "utf8")) as CampaignData);
const text = readFileSync(file, "utf8");
const before = text.slice(0, text.indexOf(begin) + begin.length);
const after = text.slice(text.indexOf(end));
writeFileSync(file, `${before}\n${report(campaigns)}\n${after}`);
