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

describe("--backend nft", () => {
  const dump = (...rules: readonly string[]): string =>
    ["*filter", ":INPUT DROP [0:0]", ...rules, "COMMIT", ""].join("\n");
  // iptables-nft loses what holds for no port
  const rules = dump("-A INPUT -p tcp -m tcp ! --dport 0:65535 -j ACCEPT");
  const files = {
    "rules.v4": rules,
    "same.v4": dump("-A INPUT -p tcp -j ACCEPT"),
    "policy.yaml": [
      "version: 1",
      "rules: rules.v4",
      "checks:",
      '  - deny: "-i eth0 -p tcp --dport 22"',
      '  - packet: "-i eth0 -p tcp -s 198.51.100.7 -d 192.0.2.1 --dport 22 --syn"',
      "    expect: { verdict: DROP }",
      "",
    ].join("\n"),
  };
  const both = async (...args: readonly string[]) => {
    const runs = [
      await netverdict(args, { files }),
      await netverdict([...args, "--backend", "nft"], { files }),
    ];
    return runs.map(({ status }) => status);
  };

  it("changes what diff, check, find and lint say of rules that iptables-nft keeps another way", async () => {
    expect(await both("diff", "rules.v4", "same.v4")).to.deep.equal([1, 0]);
    expect(await both("find", "rules.v4", "--rule", "filter/INPUT:1")).to.deep.equal([1, 0]);
    expect(await both("lint", "rules.v4", "--disable", "NV201")).to.deep.equal([1, 0]);
    expect(await both("check", "policy.yaml")).to.deep.equal([0, 1]);
    const { out } = await netverdict(["check", "policy.yaml", "--backend", "nft"], { files });
    expect(out.match(/^ +FAIL/gm), out).to.have.length(2);
  });

  it("gives witnesses of such rules", async () => {
    const args = ["witness", "rules.v4", "--format", "checks"];
    expect((await netverdict(args, { files })).out).not.to.include("packet:");
    expect((await netverdict([...args, "--backend", "nft"], { files })).out).to.include("packet:");
  });
});
