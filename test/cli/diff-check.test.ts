import { expect } from "chai";
import { netverdict } from "./fake-terminal.ts";

const diff = (name: string, ...words: readonly string[]) =>
  netverdict(["diff", `fixtures/diffs/${name}/old.v4`, `fixtures/diffs/${name}/new.v4`, ...words]);

describe("netverdict diff", () => {
  it("proves two ways to write one rule set equal", async () => {
    expect(await diff("equal")).to.include({ status: 0, out: "no packet fares differently\n" });
  });

  it("shows groups with both rules and a packet", async () => {
    const { status, out } = await diff("verdicts");
    expect(status).to.equal(1);
    expect(out).to.include("REJECT -> ACCEPT").and.to.include("-s 10.21.0.7");
  });

  it("gives JSON and Markdown", async () => {
    const json = JSON.parse((await diff("port-forward", "--format", "json")).out);
    expect(json).to.include({ version: 1, equal: false });
    expect(json.groups[0].confirmed).to.equal(true);
    expect((await diff("verdicts", "--format", "markdown")).out).to.match(/^### netverdict: /);
  });
});

describe("netverdict check", () => {
  it("passes a policy that holds", async () => {
    const { status, out } = await netverdict(["check", "fixtures/policies/home-gateway.yaml"]);
    expect(status, out).to.equal(0);
  });

  for (const format of ["text", "json", "sarif", "github", "junit", "gcc"]) {
    it(`fails one that does not, as ${format}`, async () => {
      const { status, out } = await netverdict(["check", "fixtures/policies/wrong.yaml", "--format", format]);
      expect(status).to.equal(1);
      expect(out).to.include("telnet is open");
    });
  }
});
