import { expect } from "chai";
import { Backlog } from "../../src/evaluate/backlog.ts";

describe("packets that wait to be taken up", () => {
  it("are taken up at once where nothing is in hand", () => {
    const done: string[] = [];
    new Backlog().add(() => done.push("packet"));
    expect(done).to.deep.equal(["packet"]);
  });

  it("wait for all that is in hand, and are taken up in the order in which they came", () => {
    const backlog = new Backlog();
    const done: string[] = [];
    backlog.hold();
    backlog.hold();
    backlog.add(() => {
      backlog.add(() => done.push("third"));
      done.push("first");
    });
    backlog.add(() => done.push("second"));
    backlog.release();
    done.push("in hand");
    backlog.release();
    expect(done).to.deep.equal(["in hand", "first", "second", "third"]);
  });
});
