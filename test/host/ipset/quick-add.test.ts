import { expect } from "chai";
import fc from "fast-check";
import { parseIpsets } from "../../../src/host/ipset/parse-ipsets.ts";
import { QuickAdder } from "../../../src/host/ipset/quick-add.ts";

/** Plain elements by the sets that they are added to. */
const plain: readonly (readonly [create: string, ...elements: string[]])[] = [
  ["hash:ip", "10.0.0.1", "0.0.0.1", "255.255.255.255"],
  ["hash:ip netmask 24 timeout 60 counters", "10.0.0.1 timeout 5", "10.0.1.1 timeout 0 packets 12 bytes 99"],
  ["hash:ip comment", '10.0.0.1 comment "a b"', '10.0.0.2 comment "#"', "10.0.0.3"],
  ["hash:net", "10.0.0.0/8", "10.1.2.3", "10.1.2.3/32", "10.1.2.3/1", "10.0.0.0/9 nomatch"],
  ["hash:net timeout 9 comment", '10.0.0.0/8 timeout 7 comment "x" nomatch', "0.0.0.0/31 timeout 2147483"],
  ["hash:ip,port", "10.0.0.1,udp:53", "10.0.0.1,tcp:80", "10.0.0.1,tcp:0", "10.0.0.1,tcp:65535"],
  ["hash:ip,port,ip", "10.0.0.1,udp:53,10.0.0.2"],
  ["hash:ip,port,net", "10.0.0.1,udp:53,10.0.0.0/8"],
  ["hash:net,port", "10.0.0.0/24,tcp:80"],
  ["hash:net,net bitmask 255.255.0.0", "10.0.0.0/24,10.1.2.3"],
  ["hash:net,port,net", "10.0.0.0/24,tcp:80,10.0.0.0/12"],
  ["hash:ip family inet6", "2001:db8::1", "::1", "fe80::", "1:2:3:4:5:6:7:8", "::ffff:a00:1", "1::2:3"],
  ["hash:net family inet6", "2001:db8::/32", "2001:db8:1:2:3:4:5:6/127", "2001:DB8::"],
  ["hash:ip,port family inet6", "2001:db8::1,udp:53"],
];

/** What is nearly plain, or not at all. */
const odd = [
  ...[
    "10.0.0",
    "10.0.0.01",
    "010.0.0.1",
    "10.0.0.256",
    "10.0.0.1.",
    "10.0.0.0",
    "0.0.0.0",
    "::",
    "10.0.0.1-10.0.0.3",
  ],
  ...[
    "10.0.0.0/0",
    "10.0.0.0/33",
    "10.0.0.0/08",
    "10.0.0.0/",
    "10.0.0.0/24",
    "1:2:3:4:5:6:7::",
    "::1:2:3:4:5:6:7:8",
    "1::2:",
    "1:2:3:4:5:6:7:8::",
    ":1",
    "1:",
    "1::2::3",
  ],
  ...[
    "::12345",
    "::1.2.3.4",
    "fe80::1%eth0",
    "1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:8:9",
    ":::",
    "1:::2",
    "2001:db8::/0",
    "::g",
  ],
  ...[
    "10.0.0.1,80",
    "10.0.0.1,tcp:65536",
    "10.0.0.1,tcp:080",
    "10.0.0.1,icmp:8/0",
    "10.0.0.1,TCP:80",
    "10.0.0.1,udp:",
  ],
  ...[
    "10.0.0.1,,10.0.0.2",
    "10.0.0.1,",
    "[10.0.0.1]",
    '"10.0.0.1"',
    "10.0.0.1\r",
    "10.0.0.1 ",
    "",
    "-exist",
    "1",
    "1e1",
  ],
];
const pieces = [
  ...[
    "timeout 5",
    "timeout 05",
    "timeout 2147484",
    "timeout",
    "timeout 0x5",
    'comment "a"',
    'comment ""',
    'comment "-q"',
  ],
  ...[
    'comment "a',
    'comment "a"b',
    "comment a",
    'comment "-x"',
    "nomatch",
    "nomatchx",
    "packets 1",
    "bytes 2",
    "bytes",
  ],
  ...["packets 9007199254740992", "packets 1 bytes 2", "skbmark 0x1", "-exist", "-!", "wildcard", "\r", ""],
];
const lists = [
  "flush a",
  "rename a b",
  "rename b a",
  "swap a b",
  "del a 10.0.0.1",
  "destroy a",
  "create a hash:net",
  "# x",
];

const element = fc.oneof(fc.constantFrom(...plain.flatMap(([, ...all]) => all)), fc.constantFrom(...odd));
const line = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .tuple(
        fc.constantFrom("add ", "add ", "add ", "add ", "add  ", "add\t", "-A ", "ad "),
        fc.constantFrom("a ", "a ", "b ", "a  ", "a\t", '"a" ', "c ", "a", "-x "),
        element,
        fc.array(fc.constantFrom(...pieces), { maxLength: 2 }),
      )
      .map(([command, name, what, more]) => `${command}${name}${[what, ...more].join(" ")}`),
  },
  { weight: 1, arbitrary: fc.constantFrom(...lists) },
);
const create = fc.tuple(
  fc.constantFrom(...plain.map(([kind]) => kind), "bitmap:ip range 10.0.0.0/24", "list:set", "hash:ip,mac"),
  fc.constantFrom("", "", " maxelem 2", " maxelem 2 forceadd"),
);

/** What is read of lines, without quick reading where each line begins with a blank; places as if there were none. */
function read(lines: readonly string[], blank: "" | " ") {
  const text = lines.map((one) => blank + one).join("\n");
  const { ipsets, diagnostics } = parseIpsets(text);
  const ends = [...text.matchAll(/\n/g)].map(({ index }) => index);
  const shift = (at: number): number => at - blank.length * (1 + ends.filter((end) => end < at).length);
  return {
    sets: [...ipsets.sets.values()].map(({ name, type, entries }) => [name, type.name, entries]),
    wrong: diagnostics.map(({ message, span: { start, end } }) => [message, shift(start), shift(end)]),
  };
}

describe("the quick reader of ipsets", () => {
  it("takes what `ipset save` writes of addresses, networks and ports", () => {
    for (const [kind, ...elements] of plain) {
      for (const one of elements) {
        const { ipsets } = parseIpsets(`create a ${kind}`);
        const text = `add a ${one}`;
        expect(new QuickAdder(text, ipsets.sets).add(0, text.length), `${kind}: ${one}`).to.equal(true);
        expect(read([`create a ${kind}`, text], ""), text).to.deep.equal(
          read([`create a ${kind}`, text], " "),
        );
      }
    }
  });

  it("leaves what is not plain to the full reader, or reads it alike", () => {
    for (const [kind, first = ""] of plain) {
      const elements = plain.flatMap(([, ...all]) => all);
      const lines = [...elements, ...odd, ...pieces.map((piece) => `${first} ${piece}`)];
      const all = lines.flatMap((one) => ["flush a", `add a ${one}`]);
      expect(read([`create a ${kind}`, ...all], ""), kind).to.deep.equal(
        read([`create a ${kind}`, ...all], " "),
      );
    }
  });

  it("reads lines as the full reader does, or leaves them to it", () => {
    fc.assert(
      fc.property(
        create,
        create,
        fc.array(line, { maxLength: 12, size: "max" }),
        ([one, more], [other], lines) => {
          const all = [`create a ${one}${/^hash/.test(one) ? more : ""}`, `create b ${other}`, ...lines];
          expect(read(all, "")).to.deep.equal(read(all, " "));
        },
      ),
      { numRuns: 500 },
    );
  });
});
