import { expect } from "chai";
import fc from "fast-check";
import { TcpFlow } from "../../../src/conntrack/tcp/flow.ts";
import { Records } from "../../../src/conntrack/tcp/records.ts";
import { segmentKinds, tcpStates } from "../../../src/conntrack/tcp/states.ts";

const u32 = fc.integer({ min: 0, max: 0xffffffff });
const byte = fc.integer({ min: 0, max: 0xff });
const u16 = fc.integer({ min: 0, max: 0xffff });
const direction = fc.constantFrom("original" as const, "reply" as const);

const sides = fc.record({ end: u32, maxEnd: u32, maxWindow: u32, maxAck: u32, scale: byte, flags: byte });
const flows = fc.record({
  original: sides,
  reply: sides,
  own: fc.record({
    state: fc.constantFrom(...tcpStates),
    lastDirection: direction,
    lastKind: fc.constantFrom(...segmentKinds),
    lastSequence: u32,
    lastAck: u32,
    lastEnd: u32,
    lastWindow: u16,
    retransmissions: u16,
    lastScale: byte,
    lastFlags: byte,
  }),
});
type Values = typeof flows extends fc.Arbitrary<infer V> ? V : never;

/** Written in the reverse of the order in which they are read. */
function write(flow: TcpFlow, { original, reply, own }: Values): void {
  for (const [key, value] of Object.entries(own).reverse()) Reflect.set(flow, key, value);
  Object.assign(flow.side("reply"), reply);
  Object.assign(flow.side("original"), original);
}

function hold(flow: TcpFlow, { original, reply, own }: Values): void {
  expect(flow).to.include(own);
  expect(flow.side("original")).to.include(original);
  expect(flow.side("reply")).to.include(reply);
}

describe("what is known of a TCP connection", () => {
  it("is read as it was written, alone, in a table and after it", () => {
    fc.assert(
      fc.property(fc.array(flows, { maxLength: 8 }), flows, (all, later) => {
        const records = new Records();
        const written = all.map((values) => {
          const flow = new TcpFlow();
          write(flow, values);
          flow.moveTo(records);
          return { flow, values };
        });
        for (const { flow, values } of written) hold(flow, values);
        const gone = written.filter((_, index) => index % 2 === 0);
        for (const { flow } of gone) flow.moveFrom(records);
        // takes the places that became free
        for (const _ of gone) {
          const flow = new TcpFlow();
          flow.moveTo(records);
          write(flow, later);
        }
        for (const { flow, values } of written) hold(flow, values);
      }),
    );
  });

  it("counts retransmissions up to what its field holds", () => {
    const flow = new TcpFlow();
    flow.retransmissions = 0xffff;
    flow.retransmissions++;
    expect(flow).to.include({ retransmissions: 0xffff, lastWindow: 0 });
  });
});

describe("the records of TCP connections", () => {
  it("take no more places than were in use at a time", () => {
    const records = new Records();
    const places = new Set<number>();
    for (let round = 0; round < 5; round++) {
      const taken = Array.from({ length: 1500 }, () => records.take());
      expect(new Set(taken).size).to.equal(1500);
      for (const place of taken) places.add(place);
      for (const place of taken) records.giveBack(place);
    }
    expect(places.size).to.equal(1500);
  });
});
