import { expect } from "chai";
import { netverdict } from "./fake-terminal.ts";

const rules =
  "*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -s 10.0.0.0/8 -j DROP\n-A INPUT -s 10.1.0.0/16 -j DROP\nCOMMIT\n";
const shadowed = rules.replace("/16 -j DROP", "/16 -j ACCEPT");
const files = { "a.save": rules, "b.save": shadowed, "clean.save": rules.replace(/^.*\/16.*\n/m, "") };

describe("netverdict lint", () => {
  it("exits 0 without findings and 1 with them", async () => {
    expect((await netverdict(["lint", "clean.save"], { files })).out).to.equal("no findings\n");
    expect((await netverdict(["lint", "clean.save"], { files })).status).to.equal(0);
    const { status, out } = await netverdict(["lint", "b.save", "--format", "gcc"], { files });
    expect(status).to.equal(1);
    expect(out).to.match(/^b\.save:4:1: warning: no packet reaches this rule .* \[NV101\]\n$/);
  });

  it("takes levels and what fails from the command line", async () => {
    const run = async (...words: string[]) =>
      (await netverdict(["lint", "b.save", ...words], { files })).status;
    expect(await run("--fail-on", "error")).to.equal(0);
    expect(await run("--fail-on", "error", "--severity", "NV101=error")).to.equal(1);
    expect(await run("--severity", "NV101=off")).to.equal(0);
    expect(await run("--disable", "NV101")).to.equal(0);
    expect(await run("--severity", "NV101=loud")).to.equal(2);
    expect(await run("--enable", "NV999")).to.equal(2);
  });

  it("keeps quiet for pragmas, and tells of idle ones", async () => {
    const stdin = shadowed.replace(/^(?=.*\/16)/m, "# netverdict ignore=NV101 # meant\n");
    expect(await netverdict(["lint", "-"], { stdin })).to.include({
      status: 0,
      out: "no findings (1 silenced by pragmas)\n",
    });
    const comment = shadowed.replace("/16 ", '/16 -m comment --comment "netverdict:ignore=NV101" ');
    expect((await netverdict(["lint", "-"], { stdin: comment })).status).to.equal(0);
    const idle = await netverdict(["lint", "-", "--format", "gcc"], {
      stdin: `# netverdict ignore=NV101\n${files["clean.save"]}`,
    });
    expect(idle.out).to.include("[NV501]");
  });

  it("knows what the baseline knows, wherever the line stands", async () => {
    const written = new Map<string, string>();
    const made = await netverdict(["lint", "b.save", "--baseline", "base", "--update-baseline"], {
      files,
      written,
    });
    expect(made.status).to.equal(0);
    const moved = {
      "b.save": shadowed.replace("*filter", "# moved\n\n*filter"),
      base: written.get("base") ?? "",
    };
    const { status, out } = await netverdict(["lint", "b.save", "--baseline", "base"], { files: moved });
    expect([status, out]).to.deep.equal([0, "no findings (1 in the baseline)\n"]);
    expect((await netverdict(["lint", "a.save", "--baseline", "none"], { files })).status).to.equal(2);
  });

  it("removes a redundant rule where that is proved to change nothing", async () => {
    const written = new Map<string, string>();
    const dry = await netverdict(["lint", "a.save", "--fix-dry-run"], { files, written });
    expect(dry.err).to.include("a.save:4: - -A INPUT -s 10.1.0.0/16 -j DROP");
    expect(written.size).to.equal(0);
    const { status, out } = await netverdict(["lint", "a.save", "--fix"], { files, written });
    expect([status, out]).to.deep.equal([0, "no findings\n"]);
    expect(written.get("a.save")).to.equal(files["clean.save"]);
  });

  it("reads the configuration file that is told", async () => {
    const config = "version: 1\nlint:\n  severity: { NV101: info }\n";
    const world = { files: { ...files, "c.yaml": config } };
    expect((await netverdict(["lint", "b.save", "--config", "c.yaml"], world)).status).to.equal(0);
    const wrong = { files: { ...files, "c.yaml": "version: 1\nlint: { fial-on: error }\n" } };
    const { status, err } = await netverdict(["lint", "b.save", "--config", "c.yaml"], wrong);
    expect(status).to.equal(2);
    expect(err).to.match(/c\.yaml:2:9: unknown key `fial-on`/);
  });

  it("looks at both halves of a script for both families", async () => {
    const stdin = "iptables -P INPUT DROP\nip6tables -A INPUT -s fd00::1/64 -j ACCEPT\n";
    const { out } = await netverdict(["lint", "-", "--format", "gcc"], { stdin });
    expect(out).to.include("stdin:2:23:").and.include("[NV302]").and.include("[NV404]");
  });
});

describe("netverdict rules", () => {
  it("lists every rule as text and as JSON", async () => {
    const { status, out } = await netverdict(["rules"]);
    expect(status).to.equal(0);
    const { version, rules: listed } = JSON.parse((await netverdict(["rules", "--format", "json"])).out);
    expect(version).to.equal(1);
    expect(out.trimEnd().split("\n")).to.have.length(listed.length);
    expect(listed[0]).to.include({
      id: "NV101",
      level: "warning",
      optional: false,
      page: "docs/rules/NV101.md",
    });
  });
});
