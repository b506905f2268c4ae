import { expect } from "chai";
import { hz, jiffiesAt } from "../../src/extensions/jiffies.ts";
import {
  bucketSize,
  creditsPerJiffy,
  TokenBucket,
  userToCredits,
} from "../../src/extensions/token-bucket.ts";

describe("the token bucket of xt_limit", () => {
  it("gains 128 credits in each of 250 ticks a second", () => {
    expect(hz).to.equal(250);
    expect(creditsPerJiffy).to.equal(128);
    expect(jiffiesAt(1.0039)).to.equal(250);
  });

  it("turns 1/10000 s into credits and loses the fraction of large values only", () => {
    expect(userToCredits(10000)).to.equal(32000);
    expect(userToCredits(1)).to.equal(3);
    expect(userToCredits(134217)).to.equal(429494);
    expect(userToCredits(134218)).to.equal(13 * 32000);
  });

  it("overflows as the kernel's 32 bits do", () => {
    const oneADay = 864_000_000;
    const { cost, cap } = bucketSize(oneADay, 5);
    expect(cap).to.be.below(cost);
  });

  it("lets the burst through at once and then one packet in each period", () => {
    const bucket = new TokenBucket(10000, 3, 0);
    const taken = [0, 0, 0, 0, 249, 250, 251, 500, 750, 2000, 2000, 2000, 2000].map((tick) =>
      bucket.take(tick),
    );
    const [yes, no] = [true, false];
    expect(taken).to.deep.equal([yes, yes, yes, no, no, yes, no, yes, yes, yes, yes, yes, no]);
  });
});
