import { readdirSync, readFileSync } from "node:fs";
import { expect } from "chai";
import { type Recording, readRecording } from "../../src/evaluate/recording.ts";
import { matches, targets } from "../../src/extensions/registry.ts";

/** That the kept recordings ask the kernel about all that netverdict knows. */

const folder = "fixtures/recordings/";

/** The rules whose chain a packet came to, by whether a packet hit them. */
function asked({ loaded, packets }: Recording): { readonly hit: string[]; readonly missed: string[] } {
  const counted = new Set<string>();
  const entered = new Set<string>();
  const withoutCounters = (line: string) => line.replace(/^\[\S+ /, "").replace(/ \[\S+$/, "");
  const chainOf = (rule: string) => rule.split(" ")[1] ?? "";
  for (const { counters } of packets) {
    for (const [table, line] of counters) {
      const text = withoutCounters(line);
      counted.add(`${table} ${text}`);
      entered.add(`${table} ${line.startsWith(":") ? text.slice(1).split(" ")[0] : chainOf(text)}`);
    }
  }
  let table = "";
  const [hit, missed]: [string[], string[]] = [[], []];
  for (const line of loaded) {
    if (line.startsWith("*")) table = line.slice(1);
    if (!line.startsWith("[")) continue;
    const rule = withoutCounters(line);
    if (counted.has(`${table} ${rule}`)) hit.push(rule);
    else if (entered.has(`${table} ${chainOf(rule)}`)) missed.push(rule);
  }
  return { hit, missed };
}

const recordings = readdirSync(folder)
  .filter((name) => name.endsWith(".json"))
  .flatMap((name) => {
    const read = readRecording(JSON.parse(readFileSync(folder + name, "utf8")));
    return read.ok ? [read.recording] : [];
  });

/** No kernel that we can ask has them: docs/conformance.md. */
const notAsked: ReadonlySet<string> = new Set(["CLUSTERIP", "LED", "SECMARK", "ULOG"]);

const uses = (flag: string, name: string) => (rule: string) =>
  `${rule.replace(/"(?:[^"\\]|\\.)*"/g, "x")} `.includes(` ${flag} ${name} `);

/** What no recording can have: docs/conformance.md says why. */
const neverAsked: ReadonlySet<string> = new Set(["ipvs", "nfacct", "rateest"]);
/** The recorded host has no sockets that take packets in, and no fingerprints. */
const neverHit: ReadonlySet<string> = new Set(["socket", "osf"]);

describe("the recordings together", () => {
  const all = recordings.map(asked);
  const [hit, missed] = [all.flatMap((one) => one.hit), all.flatMap((one) => one.missed)];

  it("are at least 300, of both families and backends", () => {
    expect(recordings.length).to.be.at.least(300);
    const kinds = recordings.map(({ family = "ipv4", backend }) => `${family} ${backend}`);
    expect([...new Set(kinds)].sort()).to.deep.equal(["ipv4 legacy", "ipv4 nft", "ipv6 legacy", "ipv6 nft"]);
  });

  for (const { name } of matches.filter((match) => !neverAsked.has(match.name))) {
    it(`have rules with -m ${name} that a packet hit, and that none did`, () => {
      if (!neverHit.has(name)) expect(hit.some(uses("-m", name)), "hit").to.equal(true);
      expect(missed.some(uses("-m", name)), "not hit").to.equal(true);
    });
  }

  for (const { name } of targets.filter((target) => !notAsked.has(target.name))) {
    it(`have rules with -j ${name} that a packet hit, and that none did`, () => {
      expect(hit.some(uses("-j", name)), "hit").to.equal(true);
      expect(missed.some(uses("-j", name)), "not hit").to.equal(true);
    });
  }
});
