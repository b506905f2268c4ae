import { expect } from "chai";
import { Machine } from "../../src/evaluate/machine.ts";
import { hz } from "../../src/extensions/jiffies.ts";
import { RateWindow, type WindowRate } from "../../src/extensions/rate-window.ts";
import { assumedHost } from "../../src/host/assumed-host.ts";
import { composePacket } from "../../src/model/packet-words.ts";
import { parseRuleset } from "../../src/model/parse-ruleset.ts";
import { printRuleset } from "../../src/model/print.ts";
import { Packet } from "../../src/packet/packet.ts";

/** Sends one packet at each of these seconds; what the rules counted, and what that rests on. */
function send(rules: readonly string[], seconds: readonly number[]) {
  const script = rules.map((rule) => `iptables -A OUTPUT -m hashlimit ${rule}\n`).join("");
  const { ruleset } = parseRuleset(script, { family: "ipv4" });
  const { value } = composePacket("-o eth0 -p udp --dport 53", "ipv4");
  if (!value) throw new Error("no packet");
  const { source, destination } = new Packet(value.bytes);
  const host = assumedHost([{ inDevice: undefined, outDevice: "eth0", source, destination }]);
  const machine = new Machine(ruleset, { host, now: 1e9 });
  const traces = seconds.map((at) => machine.send(value.bytes, 1e9 + at));
  const text = printRuleset(machine.counters(), { counters: true });
  return {
    counted: [...text.matchAll(/^\[(\d+):\d+\] -A/gm)].map(([, packets]) => Number(packets)),
    assumed: traces.flatMap(({ assumptions }) => assumptions.filter((one) => one.includes("hashlimit"))),
  };
}

describe("the intervals of --hashlimit-rate-match", () => {
  const taken = (rate: WindowRate, packets: readonly (readonly [seconds: number, bytes: number])[]) => {
    const window = new RateWindow(rate, 0);
    return packets.map(([seconds, bytes]) => (window.take(bytes, seconds * hz) ? "yes" : "no")).join(" ");
  };
  const packets = { counts: "packets", rate: 2, most: 3, interval: 1 } as const;
  const at = (...seconds: readonly number[]) => seconds.map((second) => [second, 40] as const);

  it("let the burst through on top of the rate", () => {
    expect(taken(packets, at(0, 0.1, 0.2, 0.3))).to.equal("yes yes yes no");
  });

  it("let nothing through behind one that had more than the rate", () => {
    expect(taken(packets, at(0, 0.1, 0.2, 1.1, 1.2, 2.2, 2.3))).to.equal("yes yes yes no no yes yes");
  });

  it("spread what came over the time up to the next packet", () => {
    expect(taken(packets, at(0, 0.1, 0.2, 1.5))).to.equal("yes yes yes yes");
  });

  it("count bytes as well as packets", () => {
    const bytes = { counts: "bytes", rate: 100, most: 100, interval: 2 } as const;
    expect(
      taken(bytes, [
        [0, 60],
        [0, 41],
        [2, 1],
        [4, 1],
      ]),
    ).to.equal("yes no no yes");
    expect(
      taken(bytes, [
        [0, 101],
        [2, 1],
      ]),
    ).to.equal("no no");
  });
});

describe("-m hashlimit", () => {
  const perSecond = "--hashlimit-upto 1/sec --hashlimit-burst 1 --hashlimit-name one";

  it("models --hashlimit-rate-match", () => {
    const window = "--hashlimit-above 1/sec --hashlimit-rate-match --hashlimit-burst 1 --hashlimit-name w";
    expect(send([window], [0, 0, 0, 0])).to.deep.equal({ counted: [2], assumed: [] });
  });

  it("says where rules that count differently share a table", () => {
    expect(send([perSecond, perSecond], [0]).assumed).to.deep.equal([]);
    expect(send([perSecond, `${perSecond} --hashlimit-rate-match`], [0]).assumed).to.deep.equal([
      "rules with one table of -m hashlimit count packets and packets in intervals: taken as packets",
    ]);
  });
});
