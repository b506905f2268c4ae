import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { netverdict } from "./fake-terminal.ts";

/** The smallest recording: one packet that the kernel dropped on the spot. */
const recording = (counters: readonly unknown[]): string =>
  JSON.stringify({
    kernel: "6.18",
    backend: "legacy",
    rules: "",
    sets: null,
    host: { addresses: [], routes: [], neighbours: [], sysctl: {} },
    started: 1767225600,
    loaded: ["*filter", ":INPUT ACCEPT [0:0]", ":FORWARD ACCEPT [0:0]", ":OUTPUT ACCEPT [0:0]", "COMMIT"],
    refused: [],
    packets: [{ at: 0, in: "eth0", frame: "00", emitted: [], counters, conntrack: [] }],
  });

describe("netverdict verify", () => {
  it("replays the recordings of a folder and sums up", async () => {
    const folder = mkdtempSync(join(tmpdir(), "netverdict-"));
    writeFileSync(join(folder, "a.json"), recording([]));
    writeFileSync(join(folder, "b.json"), recording([]));
    writeFileSync(join(folder, "README"), "no recording");
    const { status, out } = await netverdict(["verify", folder]);
    rmSync(folder, { recursive: true });
    expect(status).to.equal(0);
    expect(out).to.equal(
      `${folder}/a.json  1 of 1 packets agree\n${folder}/b.json  1 of 1 packets agree\n2 of 2 packets agree in 2 recordings\n`,
    );
  });

  it("calls a folder without recordings wrong use", async () => {
    const { status, err } = await netverdict(["verify", "src/cli"]);
    expect(status).to.equal(2);
    expect(err).to.include("no file in it ends in .json");
  });

  it("prints what docs/recordings.md says as JSON", async () => {
    const files = { "one.json": recording([]) };
    const { status, out } = await netverdict(["verify", "one.json", "--format", "json"], { files });
    expect(status).to.equal(0);
    const nothing = { emitted: [], counters: [], conntrack: [] };
    expect(JSON.parse(out)).to.deep.equal({
      version: 1,
      recordings: [
        { file: "one.json", packets: [{ index: 0, agrees: true, kernel: nothing, machine: nothing }] },
      ],
    });
  });

  it("exits 1 and shows both sides where they differ", async () => {
    const files = { "one.json": recording([["filter", ":INPUT ACCEPT [1:40]"]]) };
    const { status, out } = await netverdict(["verify", "-v", "one.json"], { files });
    expect(status).to.equal(1);
    expect(out).to.include("packet 0: counters");
    expect(out).to.include("kernel   filter,:INPUT ACCEPT [1:40]");
    expect(out).to.match(/^0 of 1 packets agree in 1 recording$/m);
  });

  it("calls other files unreadable input", async () => {
    const files = { "bad.json": "{", "list.json": "[]", "empty.json": "{}" };
    for (const file of Object.keys(files)) {
      const { status, out, err } = await netverdict(["verify", file], { files });
      expect([status, out], file).to.deep.equal([2, ""]);
      expect(err, file).to.match(new RegExp(`^netverdict: ${file} is no `));
    }
  });
});
