import { expect } from "chai";
import { netverdict, type World } from "./fake-terminal.ts";

const shadowed = `*filter
-A INPUT -p tcp -m tcp --dport 22 -j DROP
-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT
COMMIT
`;
const clean = "*filter\n:INPUT ACCEPT [0:0]\nCOMMIT\n";
const hosts = {
  "fleet/a.v4": shadowed,
  "fleet/b.v4": clean,
  "fleet/c.v4": shadowed,
  "fleet/d.v4": "{\n",
};

const lint = (words: readonly string[], world: World = {}) =>
  netverdict(["lint", "--no-config", ...words], { ...world, files: { ...hosts, ...world.files } });

interface Report {
  readonly findings: readonly { readonly id: string; readonly file: string }[];
  readonly files: readonly string[];
}
const filesIn = (out: string): readonly string[] => [
  ...new Set((out.match(/^[\w/.]+(?=:\d+:\d+: warning)/gm) ?? []).sort()),
];

describe("netverdict lint over a fleet", () => {
  it("lints the files that globs and --files-from name, each once", async () => {
    const { out, status } = await lint(["fleet/[]*.v4"], {});
    expect([out, status]).to.deep.equal(["", 2]);
    const listed = await lint(["fleet/?.v4", "--files-from", "-"], {
      stdin: "fleet/a.v4\nmore.v4\n",
      files: { "more.v4": shadowed },
    });
    expect(filesIn(listed.out)).to.deep.equal(["fleet/a.v4", "fleet/c.v4", "more.v4"]);
    const found = await lint(["--files-from", "list"], { files: { list: "fleet/a.v4\0fleet/b.v4\0" } });
    expect(filesIn(found.out)).to.deep.equal(["fleet/a.v4"]);
    expect((await lint([])).status).to.equal(2);
  });

  it("goes on behind a host that is bad, and exits with 2", async () => {
    const { out, err, status } = await lint(["fleet/d.v4", "fleet/missing.v4", "fleet/c.v4"]);
    expect(status).to.equal(2);
    expect(err)
      .to.include("fleet/d.v4 is neither an iptables-save dump")
      .and.to.include("cannot read fleet/missing.v4");
    expect(filesIn(out)).to.deep.equal(["fleet/c.v4"]);
  });

  it("uses a result again for the same text, under the name of each file", async () => {
    const written = new Map<string, string>();
    const first = await lint(["fleet/a.v4", "fleet/b.v4", "fleet/c.v4", "--cache", "cache"], { written });
    expect(written.size).to.equal(2);
    const marked = [...written].map(([path, text]) => [path, text.replaceAll("NV1", "NV9")] as const);
    const again = await lint(["fleet/c.v4", "fleet/a.v4", "--cache", "cache"], {
      files: Object.fromEntries(marked),
    });
    expect(filesIn(again.out)).to.deep.equal(filesIn(first.out));
    expect(again.out).to.include("NV9").and.not.to.include("NV1");
    const broken = await lint(["fleet/a.v4", "--cache", "cache"], {
      files: Object.fromEntries(marked.map(([path]) => [path, "{"])),
    });
    expect(broken.out).to.include("NV1");
    const other = await lint(["fleet/a.v4", "--cache", "cache", "--disable", "NV103"], {
      files: Object.fromEntries(marked),
    });
    expect(other.out).not.to.include("NV9");
  });

  it("puts the reports of shards together as if there had been one run", async () => {
    const whole = await lint(["fleet/?.v4", "--format", "json"]);
    const files: Record<string, string> = {};
    for (const index of ["0", "1", "2"]) {
      const environment = { JOB_COMPLETION_INDEX: index };
      const { out, status } = await lint(["fleet/?.v4", "--shard", "3", "--format", "blob"], { environment });
      expect(status).to.be.oneOf([0, 1, 2]);
      files[`blobs/${index}.json`] = out;
    }
    const merged = await netverdict(["merge-reports", "blobs/*.json", "--format", "json"], { files });
    const report: Report = JSON.parse(merged.out);
    expect(report).to.deep.equal(JSON.parse(whole.out));
    expect(merged.status).to.equal(2);
    expect(merged.err).to.include("fleet/d.v4 is neither");
    const { "blobs/1.json": _lost, ...rest } = files;
    const partial = await netverdict(["merge-reports", ...Object.keys(rest)], { files: rest });
    expect(partial.err).to.include("there is no report of shard 2/3");
  });

  it("exits with 1 where a shard's own --fail-on says so", async () => {
    const merge = async (...words: readonly string[]) => {
      const { out } = await lint(["fleet/a.v4", "--shard", "1/1", "--format", "blob", ...words]);
      return (await netverdict(["merge-reports", "one.json"], { files: { "one.json": out } })).status;
    };
    expect([await merge(), await merge("--fail-on", "never")]).to.deep.equal([1, 0]);
  });

  it("refuses shards that there are not, and files that are no report", async () => {
    for (const shard of ["0/3", "4/3", "3", "1/0", "x"]) {
      expect(await lint(["fleet/a.v4", "--shard", shard]), shard).to.have.property("status", 2);
    }
    expect(await lint(["fleet/a.v4", "--jobs", "0"])).to.have.property("status", 2);
    const merge = (text: string) =>
      netverdict(["merge-reports", "one.json"], { files: { "one.json": text } });
    for (const text of ["", "{}", "[]", '{"kind":"netverdict lint"}']) {
      expect(await merge(text), text).to.have.property("status", 2);
    }
    const { out } = await lint(["fleet/a.v4", "--format", "blob"]);
    expect((await merge(out.replace(/"netverdict":"[^"]+"/, '"netverdict":"0.0.1"'))).err).to.include(
      "was written by netverdict 0.0.1",
    );
  });
});

describe("netverdict check over a fleet", () => {
  const policy = `version: 1\nrules: "fleet/*.v4"\nchecks:\n  - deny: "-i eth0 -p tcp --dport 22"\n`;
  const check = (words: readonly string[], world: World = {}) =>
    netverdict(["check", "policy.yaml", "--format", "json", ...words], {
      ...world,
      files: { ...hosts, "policy.yaml": policy, ...world.files },
    });
  const checked = (out: string): readonly string[] =>
    JSON.parse(out).files.map(({ rules }: { readonly rules: string }) => rules);

  it("goes on behind a host that is bad, and exits with 2", async () => {
    const { out, err, status } = await check([]);
    expect(checked(out)).to.deep.equal(["fleet/a.v4", "fleet/b.v4", "fleet/c.v4"]);
    expect(err).to.include("fleet/d.v4 is neither");
    expect(status).to.equal(2);
  });

  it("checks the rule sets of --files-from, or a shard of them", async () => {
    const world = { stdin: "fleet/c.v4\nfleet/b.v4\n" };
    expect(checked((await check(["--files-from", "-"], world)).out)).to.deep.equal([
      "fleet/c.v4",
      "fleet/b.v4",
    ]);
    expect(checked((await check(["--files-from", "-", "--shard", "2/2"], world)).out)).to.deep.equal([
      "fleet/b.v4",
    ]);
  });

  it("exits with 2 where no rule set can be checked", async () => {
    expect(await check(["--rules", "fleet/d.v4"])).to.include({ status: 2, out: "" });
  });
});

describe("netverdict diff over a fleet", () => {
  const open = shadowed.replace("DROP", "ACCEPT");
  const files = {
    "old/a.v4": shadowed,
    "old/b.v4": clean,
    "old/c.v4": "{\n",
    "old/gone.v4": clean,
    "new/a.v4": open,
    "new/b.v4": clean,
    "new/c.v4": clean,
  };
  const diff = (...words: readonly string[]) => netverdict(["diff", ...words], { files });

  it("compares the files of the same names in two folders", async () => {
    const { out, err, status } = await diff("old", "new");
    expect(out).to.match(/^old\/a\.v4 -> new\/a\.v4\n1 group of packets fares differently\n/);
    expect(out).to.include("old/b.v4 -> new/b.v4\nno packet fares differently\n");
    expect(out).to.match(/\nonly in one of the folders: old\/gone\.v4\n$/);
    expect(err).to.include("old/c.v4 is neither");
    expect(status).to.equal(2);
  });

  it("prints one JSON, also of a shard", async () => {
    const { out } = await diff("old", "new", "--format", "json");
    const { files: pairs, onlyInOne } = JSON.parse(out);
    expect(pairs.map(({ equal }: { readonly equal: boolean }) => equal)).to.deep.equal([false, true]);
    expect(onlyInOne).to.deep.equal(["old/gone.v4"]);
    const second = await diff("old", "new", "--shard", "2/4", "--format", "json");
    expect(JSON.parse(second.out).files.map(({ old }: { readonly old: string }) => old)).to.deep.equal([
      "old/b.v4",
    ]);
    expect(second.status).to.equal(0);
  });

  it("refuses a folder beside a file", async () => {
    expect(await diff("old", "new/a.v4")).to.have.property("status", 2);
    expect(await diff("old/a.v4", "new/a.v4", "--shard", "1/2")).to.have.property("status", 2);
  });
});
