import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import Ajv4 from "ajv-draft-04";
import addFormats from "ajv-formats";
import { expect } from "chai";
import fc from "fast-check";
import { XMLParser, XMLValidator } from "fast-xml-parser";
import type { Finding } from "../../src/lint/rule.ts";
import { type FindingFormat, printFindings } from "../../src/report/print-findings.ts";
import { plainStyle } from "../../src/report/style.ts";
import { netverdict } from "../cli/fake-terminal.ts";
import { sarifSchema } from "./sarif-schema.ts";

/** Texts that break what does not escape: markup, command characters, line ends, control characters, lone surrogates. */
const nasty = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        "%",
        "%0A",
        "::",
        ",",
        ":",
        "\n",
        "\r",
        "\t",
        "<",
        ">",
        "&",
        "]]>",
        '"',
        "'",
        "::error::",
        "\u0000",
        "\ud800",
        "\u2028",
        "ü",
        "😀",
        "&amp;",
      ),
      fc.string({ unit: "binary", maxLength: 4 }),
      fc.constant("a"),
    ),
    { minLength: 1, maxLength: 12 },
  )
  .map((parts) => parts.join(""))
  .filter((joined) => joined !== "");

const text = "*filter\n-A INPUT -j DROP\n-A INPUT -j ACCEPT\nCOMMIT\n";
const span = fc
  .tuple(fc.nat(text.length - 1), fc.nat(20))
  .map(([start, length]) => ({ start, end: Math.min(text.length, start + 1 + length) }));

const finding = fc
  .record({
    file: nasty,
    message: nasty,
    span,
    related: fc.array(fc.record({ span, message: nasty }), { maxLength: 2 }),
    fix: fc.option(fc.record({ span, text: fc.oneof(fc.constant(""), nasty), description: nasty })),
    level: fc.constantFrom("error", "warning", "info", "style"),
    id: fc.constantFrom("NV101", "NV207"),
  })
  .map((one): Finding => {
    const source = { name: one.file, text };
    return {
      id: one.id,
      level: one.level,
      message: one.message,
      place: { source, span: one.span },
      related: one.related.map((other) => ({ source, ...other })),
      assumptions: [],
      ...(one.fix
        ? {
            fix: {
              description: one.fix.description,
              edits: [{ source, span: one.fix.span, text: one.fix.text }],
            },
          }
        : {}),
    };
  });

const findings = fc.array(finding, { maxLength: 4 });

function print(format: FindingFormat, list: readonly Finding[]): string {
  const report = {
    findings: list,
    rules: [{ id: "NV101", name: "no-x", level: "warning" as const, summary: "x", why: "y" }],
    files: [...new Set(list.map(({ place }) => place.source.name)), "clean.save"],
    version: "1.2.3",
  };
  return printFindings(format, report, plainStyle);
}

const ajv = new Ajv({ allErrors: true });
addFormats.default(ajv);
const isOurSarif = ajv.compile(sarifSchema);

/** The standard's own schema, where the environment says where it is: its licence keeps it out of here. */
function officialSchema(): ((log: unknown) => string | undefined) | undefined {
  const path = process.env["SARIF_SCHEMA"];
  if (path === undefined) return undefined;
  const official = new Ajv4.default({ allErrors: true, strict: false });
  addFormats.default(official);
  const check = official.compile(JSON.parse(readFileSync(path, "utf8")));
  return (log) => (check(log) ? undefined : JSON.stringify(check.errors?.slice(0, 3)));
}

describe("formats of findings, whatever is in them", () => {
  it("SARIF fits its schema", () => {
    const official = officialSchema();
    fc.assert(
      fc.property(findings, (list) => {
        const log: unknown = JSON.parse(print("sarif", list));
        expect(isOurSarif(log), JSON.stringify(isOurSarif.errors?.slice(0, 3))).to.equal(true);
        expect(official?.(log)).to.equal(undefined);
      }),
      { numRuns: 150 },
    );
  });

  it("SARIF of real rules fits the standard's own schema (SARIF_SCHEMA=FILE)", async function () {
    const official = officialSchema();
    if (!official) return this.skip();
    for (const rules of ["home-gateway/rules.v4", "web-server/canonical.save"]) {
      const { out } = await netverdict([
        "lint",
        `fixtures/rulesets/${rules}`,
        "--no-config",
        "--format",
        "sarif",
      ]);
      expect(official(JSON.parse(out))).to.equal(undefined);
    }
    const { out } = await netverdict(["check", "fixtures/policies/wrong.yaml", "--format", "sarif"]);
    expect(official(JSON.parse(out))).to.equal(undefined);
  });

  it("JUnit is XML that gives the messages back", () => {
    fc.assert(
      fc.property(findings, (list) => {
        const xml = print("junit", list);
        expect(XMLValidator.validate(xml)).to.equal(true);
        const parser = new XMLParser({
          ignoreAttributes: false,
          attributeNamePrefix: "",
          parseAttributeValue: false,
          trimValues: false,
          processEntities: true,
          htmlEntities: true,
          isArray: (name) => name === "testcase" || name === "testsuite",
        });
        const { testsuites } = parser.parse(xml);
        expect(testsuites.failures).to.equal(String(list.length));
        const cases: { failure?: { message: string; type: string } }[] = testsuites.testsuite.flatMap(
          (suite: { testcase: unknown[] }) => suite.testcase,
        );
        const messages = cases.flatMap(({ failure }) => (failure ? [failure.message] : []));
        const sayable = list.map(({ message }) => sayableInXml(message));
        expect(messages.toSorted()).to.deep.equal(sayable.toSorted());
      }),
      { numRuns: 150 },
    );
  });

  it("GitHub's annotations are one command a line that says the same once it is read", () => {
    fc.assert(
      fc.property(findings, (list) => {
        const lines = print("github", list).split("\n");
        expect(lines.pop()).to.equal("");
        const read = lines.map(readCommand);
        expect(read).to.have.length(list.length);
        for (const [index, { message, place, level }] of list.entries()) {
          expect(read[index]?.message).to.equal(message);
          expect(read[index]?.properties["file"]).to.equal(place.source.name);
          expect(read[index]?.properties["title"]).to.match(/^NV\d{3} /);
          expect(read[index]?.command).to.equal(level === "info" || level === "style" ? "notice" : level);
        }
      }),
      { numRuns: 300 },
    );
  });
});

/** XML 1.0 has no word for these (2.2). */
const sayableInXml = (message: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones that XML forbids
  message.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Cs}/gu, "\ufffd");

/** A workflow command as GitHub's runner reads it (ActionCommand.cs): properties between commas, then the data. */
function readCommand(line: string) {
  const [, command = "", list = "", data = ""] = /^::(\w+) (.*?)::(.*)$/s.exec(line) ?? [];
  const properties: Record<string, string> = {};
  for (const part of list.split(",")) {
    const at = part.indexOf("=");
    properties[part.slice(0, at)] = unescaped(part.slice(at + 1), { "%3A": ":", "%2C": "," });
  }
  return { command, properties, message: unescaped(data, {}) };
}

/** In one go, as the runner does: what an escape gives is not read again. */
function unescaped(text: string, more: Readonly<Record<string, string>>): string {
  const by: Readonly<Record<string, string>> = { "%25": "%", "%0D": "\r", "%0A": "\n", ...more };
  return text.replace(/%(?:25|0D|0A|3A|2C)/g, (code) => by[code] ?? code);
}
