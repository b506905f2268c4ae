import { readdirSync, readFileSync, statSync } from "node:fs";
import { expect } from "chai";
import type { MachineOptions } from "../../src/evaluate/machine.ts";
import { readRecording } from "../../src/evaluate/recording.ts";
import { verifyRecording } from "../../src/evaluate/verify.ts";
import { account, firstDifference } from "../kernel/account.ts";

/** Replays what a kernel did, recorded by the tests in test/kernel; needs neither root nor that kernel. */

const folder = "fixtures/recordings/";
const files = readdirSync(folder).filter((name) => name.endsWith(".json"));

/** File and reason of the recordings that the machine is known not to agree with yet, one a line. */
const disagreeing: ReadonlyMap<string, string> = new Map(
  readFileSync(`${folder}disagreeing.txt`, "utf8")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => [line.split(" ")[0] ?? "", line.slice(line.indexOf(" ") + 1).trim()]),
);

/** The first packet with a difference and what differs about it; `undefined` where there is none. */
function difference(file: string, options: Pick<MachineOptions, "indexFrom"> = {}): string | undefined {
  const read = readRecording(JSON.parse(readFileSync(folder + file, "utf8")));
  if (!read.ok) throw new Error(`${file}: ${read.message}`);
  const first = firstDifference(verifyRecording(read.recording, file, options));
  return first && account(first, read.recording);
}

describe("recordings of a kernel", () => {
  it("are there, and small", () => {
    expect(files.length).to.be.at.least(300);
    const bytes = files.reduce((total, file) => total + statSync(folder + file).size, 0);
    expect(bytes, "bytes of fixtures/recordings").to.be.below(8_000_000);
  });

  it("are listed as disagreeing with a reason, and exist", () => {
    for (const [file, reason] of disagreeing) {
      expect(files, "fixtures/recordings").to.include(file);
      expect(reason, `the reason why ${file} disagrees`).to.have.length.above(10);
    }
  });

  for (const file of files) {
    if (disagreeing.has(file)) {
      it(`${file} disagrees, as disagreeing.txt says`, () => {
        expect(difference(file), `${file} agrees now: take it out of disagreeing.txt`).to.not.equal(
          undefined,
        );
      });
    } else {
      it(`${file} agrees`, () => {
        const found = difference(file);
        if (found !== undefined) expect.fail(`kernel and machine disagree\n${found}`);
      });

      it(`${file} agrees with every chain indexed`, () => {
        const found = difference(file, { indexFrom: 1 });
        if (found !== undefined) expect.fail(`kernel and machine disagree\n${found}`);
      });
    }
  }
});
