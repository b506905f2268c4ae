import { expect } from "chai";
import type { Finding } from "../../src/lint/rule.ts";
import { type FindingFormat, findingFormats, printFindings } from "../../src/report/print-findings.ts";
import { colourStyle, plainStyle } from "../../src/report/style.ts";

const source = {
  name: "my rules,v4:%.save",
  text: "*filter\n-A INPUT -j DROP\n-A INPUT -j ACCEPT\nCOMMIT\n",
};
const at = (start: number, end: number) => ({ source, span: { start, end } });
const finding: Finding = {
  id: "NV101",
  level: "warning",
  message: 'a "quoted" <message> & 100 %\nwith two lines',
  place: at(25, 43),
  related: [{ ...at(8, 24), message: "this one" }],
  fix: { description: "remove it", edits: [{ ...at(25, 44), text: "" }] },
  assumptions: [],
  fingerprint: "0123456789abcdef",
};
const report = {
  findings: [finding],
  rules: [{ id: "NV101", name: "no-x", level: "warning" as const, summary: "x", why: "y" }],
  files: [source.name, "clean.save"],
  version: "1.2.3",
};
const print = (format: FindingFormat, one = report): string => printFindings(format, one, plainStyle);

describe("reports of findings", () => {
  it("print an empty report in every format", () => {
    for (const format of findingFormats) {
      const text = print(format, { ...report, findings: [], files: [] });
      if (format === "json" || format === "sarif") expect(() => JSON.parse(text)).not.to.throw();
    }
    expect(print("text", { ...report, findings: [] })).to.equal("no findings\n");
    expect(print("gcc", { ...report, findings: [] })).to.equal("");
  });

  it("shows the code frame and counts", () => {
    const text = print("text");
    expect(text).to.include("3 | -A INPUT -j ACCEPT\n  | ^~~~");
    expect(text)
      .to.include("line 2: this one")
      .and.include("1 finding: 1 warning (--fix would try to prove and mend 1)\n");
    expect(printFindings("text", report, colourStyle)).to.include("\u001b[");
  });

  it("keeps to the version in JSON", () => {
    const { version, findings } = JSON.parse(print("json"));
    expect([version, findings.length]).to.deep.equal([1, 1]);
    expect(findings[0]).to.include({
      id: "NV101",
      name: "no-x",
      line: 3,
      column: 1,
      endLine: 3,
      endColumn: 19,
    });
    expect(findings[0].fix.edits[0]).to.include({ line: 3, endLine: 4, endColumn: 1, text: "" });
  });

  it("gives gcc lines, one a finding", () => {
    expect(print("gcc")).to.equal(
      'my rules,v4:%.save:3:1: warning: a "quoted" <message> & 100 %\\nwith two lines [NV101]\n',
    );
  });

  it("escapes GitHub's commands", () => {
    expect(print("github")).to.equal(
      '::warning file=my rules%2Cv4%3A%25.save,line=3,endLine=3,col=1,endColumn=19,title=NV101 no-x::a "quoted" <message> & 100 %25%0Awith two lines\n',
    );
  });

  it("gives JUnit a suite for each file and escapes XML", () => {
    const text = print("junit");
    expect(text).to.match(
      /^<\?xml version="1.0" encoding="UTF-8"\?>\n<testsuites name="netverdict" tests="2" failures="1"/,
    );
    expect(text.match(/<testsuite /g)).to.have.length(2);
    expect(text).to.include("a &quot;quoted&quot; &lt;message&gt; &amp; 100 %&#10;with two lines");
    expect(text).to.include('<testcase classname="clean.save" name="no findings"/>');
    const bell = print("junit", { ...report, findings: [{ ...finding, message: "\u0007\ud800" }] });
    expect(bell).to.include('message="\ufffd\ufffd"');
  });

  it("gives SARIF with what the standard requires", () => {
    const log = JSON.parse(print("sarif"));
    expect(log).to.have.all.keys("$schema", "version", "runs");
    expect(log.version).to.equal("2.1.0");
    const [run] = log.runs;
    expect(run).to.have.all.keys("tool", "columnKind", "artifacts", "results");
    expect(run.tool.driver.name).to.equal("netverdict");
    const [result] = run.results;
    expect(run.tool.driver.rules[result.ruleIndex].id).to.equal(result.ruleId);
    expect(["error", "warning", "note", "none"]).to.include(result.level);
    expect(result.message.text).to.equal(finding.message);
    expect(result.partialFingerprints).to.deep.equal({ "ruleText/v1": "0123456789abcdef" });
    const { artifactLocation, region } = result.locations[0].physicalLocation;
    expect(artifactLocation.uri).to.equal("my%20rules%2Cv4%3A%25.save");
    expect(run.artifacts[artifactLocation.index].location.uri).to.equal(artifactLocation.uri);
    expect(region).to.deep.equal({ startLine: 3, startColumn: 1, endLine: 3, endColumn: 19 });
    expect(result.relatedLocations[0]).to.include({ id: 1 });
    expect(result.fixes[0].artifactChanges[0].replacements).to.deep.equal([
      { deletedRegion: { startLine: 3, startColumn: 1, endLine: 4, endColumn: 1 } },
    ]);
  });
});
