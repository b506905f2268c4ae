import { expect } from "chai";
import { UsageError } from "../../src/cli/exit-status.ts";
import { parsePacketsFile } from "../../src/cli/packets-file.ts";

/** The message with which a file is refused. */
function refusal(text: string): string {
  try {
    parsePacketsFile(text, "flow.yaml");
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  return "";
}

describe("parsePacketsFile", () => {
  it("reads a bare list of packets", () => {
    const steps = parsePacketsFile('- "-i eth0 -p tcp --syn"\n- packet: -o eth0\n', "flow.yaml");
    expect(steps.map((step) => step.packet)).to.deep.equal([
      { kind: "text", text: "-i eth0 -p tcp --syn" },
      { kind: "text", text: "-o eth0" },
    ]);
  });

  it("reads names, times, states, expectations, frames and replies", () => {
    const text = `
packets:
  - name: first
    frame: 02:00 0102
    in: eth0
    at: 3
    ctstate: NEW
    expect: { verdict: ACCEPT, rule: "filter/FORWARD:3" }
  - { reply: true, at: "+1s" }
  - { local: "4500" }
`;
    const [first, second, third] = parsePacketsFile(text, "flow.yaml");
    expect(first).to.deep.equal({
      name: "first",
      packet: { kind: "frame", device: "eth0", frame: Uint8Array.of(2, 0, 1, 2) },
      time: { relative: false, seconds: 3 },
      assumeState: "NEW",
      expectation: { verdict: "ACCEPT", rule: "filter/FORWARD:3" },
    });
    expect(second?.packet).to.deep.equal({ kind: "reply" });
    expect(second?.time).to.deep.equal({ relative: true, seconds: 1 });
    expect(third?.packet).to.deep.equal({ kind: "local", packet: Uint8Array.of(0x45, 0) });
    expect(third?.time).to.deep.equal({ relative: true, seconds: 0 });
  });

  it("repeats a packet", () => {
    const steps = parsePacketsFile(
      "- { name: knock, packet: -i eth0, at: 1, repeat: 3, every: +2s }",
      "flow.yaml",
    );
    expect(steps.map((step) => [step.name, step.time.relative, step.time.seconds])).to.deep.equal([
      ["knock (1 of 3)", false, 1],
      ["knock (2 of 3)", true, 2],
      ["knock (3 of 3)", true, 2],
    ]);
  });

  it("reads JSON", () => {
    const steps = parsePacketsFile('{"version": 1, "packets": ["-i eth0"]}', "flow.json");
    expect(steps).to.have.length(1);
  });

  it("names every fault with its place", () => {
    const text = `packets:
  - packet: -i eth0
    expct: { verdict: ACCEPT }
  - packet: -i eth0
    expect: { verdict: ALLOW }
  - { at: soon, packet: -i eth0 }
  - { name: empty }
`;
    expect(refusal(text).split("\n")).to.deep.equal([
      "flow.yaml:3:5: unknown key `expct`",
      'flow.yaml:5:24: Invalid option: expected one of "ACCEPT"|"DROP"|"REJECT"|"QUEUE"',
      'flow.yaml:6:11: `soon` is no time: give e.g. 2, "2.5s" or "+1s"',
      "flow.yaml:7:5: expected exactly one of packet, frame, local, reply",
    ]);
  });

  it("points into a bare list as well", () => {
    expect(refusal("- packet: -i eth0\n- { frame: 0x, in: eth0 }\n")).to.match(
      /^flow\.yaml:2:12: expected bytes/,
    );
  });

  it("refuses YAML that is broken", () => {
    expect(refusal("packets: [")).to.match(/^flow\.yaml:1:11: /);
    expect(refusal("")).to.match(/^flow\.yaml:1:1: /);
  });
});
