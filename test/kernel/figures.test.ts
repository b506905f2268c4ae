import { readFileSync } from "node:fs";
import { expect } from "chai";
import { readRecording } from "../../src/evaluate/recording.ts";
import { verifyRecording } from "../../src/evaluate/verify.ts";
import { asEnvironment, settingsFrom } from "./arguments.ts";
import { Figures } from "./figures.ts";

describe("the figures of a campaign", () => {
  const read = readRecording(JSON.parse(readFileSync("fixtures/recordings/nft-short-udp.json", "utf8")));
  if (!read.ok) throw new Error(read.message);
  const { recording } = read;
  const { packets } = verifyRecording(recording, "recording");

  it("count packets by protocol, scenarios by kind and rules by extension", () => {
    const figures = new Figures("s", "1.8.9");
    figures.add(recording, { packets, diagnostics: [] });
    expect(figures.data).to.deep.include({
      seed: "s",
      scenarios: { total: 1, good: 1 },
      packets: { total: 1, good: 1 },
      protocols: { "IPv4 udp": { total: 1, good: 1 } },
      kinds: { "IPv4, iptables-nft": { total: 1, good: 1 } },
      iptables: "1.8.9",
      date: new Date(recording.started * 1000).toISOString().slice(0, 10),
    });
    expect(figures.data.users["-m udp"]).to.deep.equal({ total: 1, good: 1 });
    // the packet is too short for the ports that the rule asks for
    expect(figures.data.extensions["-m udp"]).to.deep.equal({ total: 1, good: 0 });
    expect(figures.summary()).to.equal("1 of 1 packets agree; 1 of 1 scenarios do; 0 of 1 rules were hit");
  });

  it("name the scenarios in which the kernel differed from itself", () => {
    const figures = new Figures("s");
    figures.add(recording, { packets, diagnostics: [] });
    figures.addUndecided("s-1");
    expect(figures.data.undecided).to.deep.equal(["s-1"]);
    expect(figures.summary()).to.include("asked again: s-1");
  });

  it("count a scenario with one wrong packet as disagreeing", () => {
    const figures = new Figures("s");
    const wrong = packets.map((packet) => ({ ...packet, agrees: false }));
    figures.add(recording, { packets: wrong, diagnostics: [] });
    expect(figures.data.scenarios).to.deep.equal({ total: 1, good: 0 });
  });
});

describe("the settings of the kernel tests", () => {
  it("come through the environment as they were given", () => {
    const given = {
      seed: "a b",
      scenarios: "500",
      family: "ipv6",
      backend: "nft",
      jobs: "3",
      keep: "x",
      figures: "f.json",
    };
    expect(settingsFrom(asEnvironment(given))).to.deep.equal({ ...given, scenarios: 500, jobs: 3 });
  });

  it("have 60 scenarios and the clock for a seed where nothing is given", () => {
    const { scenarios, seed } = settingsFrom({});
    expect(scenarios).to.equal(60);
    expect(seed).to.match(/^\d{13}$/);
  });
});
