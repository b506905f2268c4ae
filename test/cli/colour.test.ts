import { expect } from "chai";
import { netverdict, type World } from "./fake-terminal.ts";

const stdin = "*filter\n-A INPUT --dport 22 -j ACCEPT\n:INPUT ACCEPT [0:0]\nCOMMIT\n";

/** Whether a command's diagnostics come in colour. */
async function coloured(words: readonly string[], world: World): Promise<boolean> {
  const { err } = await netverdict(["fmt", "-", ...words], { stdin, ...world });
  expect(err).to.include("error");
  return err.includes("\u001b[");
}

describe("colour", () => {
  it("is for terminals only", async () => {
    expect(await coloured([], { isTerminal: false })).to.equal(false);
    expect(await coloured([], { isTerminal: true })).to.equal(true);
    expect(await coloured([], { isTerminal: true, environment: { TERM: "dumb" } })).to.equal(false);
  });

  it("is turned off by NO_COLOR and on by FORCE_COLOR", async () => {
    expect(await coloured([], { isTerminal: true, environment: { NO_COLOR: "1" } })).to.equal(false);
    expect(await coloured([], { isTerminal: true, environment: { NO_COLOR: "" } })).to.equal(true);
    expect(await coloured([], { environment: { FORCE_COLOR: "1" } })).to.equal(true);
    expect(await coloured([], { isTerminal: true, environment: { FORCE_COLOR: "0" } })).to.equal(false);
    expect(await coloured([], { environment: { FORCE_COLOR: "1", NO_COLOR: "1" } })).to.equal(false);
  });

  it("follows --color before all", async () => {
    expect(await coloured(["--color", "always"], { environment: { NO_COLOR: "1" } })).to.equal(true);
    expect(await coloured(["--color=never"], { isTerminal: true })).to.equal(false);
  });
});
