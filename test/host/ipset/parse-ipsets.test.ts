import { expect } from "chai";
import fc from "fast-check";
import { parseIpsets } from "../../../src/host/ipset/parse-ipsets.ts";
import { printParts } from "../../../src/host/ipset/part.ts";

const read = (text: string) => {
  const { ipsets, diagnostics } = parseIpsets(text, "sets");
  return {
    elements: (name: string) => {
      const set = ipsets.sets.get(name);
      return set?.entries.map(({ parts }) => printParts(parts, set.options.family)).sort();
    },
    entry: (name: string) => ipsets.sets.get(name)?.entries[0],
    names: [...ipsets.sets.keys()],
    wrong: diagnostics.map(({ message, span }) => [text.slice(0, span.start).split("\n").length, message]),
  };
};

/** An element as it was added, and what `ipset save` of ipset 7.17 printed then; several where it stands for several. */
const elements: readonly (readonly [create: string, add: string, ...saved: string[]])[] = [
  ["hash:ip", "10.0.1", "10.0.0.1"],
  ["hash:ip", "10.0.0.6-10.0.0.8", "10.0.0.6", "10.0.0.7", "10.0.0.8"],
  ["hash:ip netmask 24", "10.1.2.0/23", "10.1.2.0", "10.1.3.0"],
  ["hash:ip bitmask 255.255.0.255", "10.1.2.3", "10.1.0.3"],
  ["hash:ip family inet6 netmask 64", "2001:db8::1", "2001:db8::"],
  ["hash:ip,port", "10.0.0.1,80", "10.0.0.1,tcp:80"],
  ["hash:ip,port", "10.0.0.1,http", "10.0.0.1,tcp:80"],
  ["hash:ip,port", "10.0.0.1,icmp:ping", "10.0.0.1,icmp:echo-request"],
  ["hash:ip,port", "10.0.0.1,icmp:8/1", "10.0.0.1,icmp:8/1"],
  ["hash:ip,port", "10.0.0.1,gre:0", "10.0.0.1,gre:0"],
  ["hash:ip,port", "10.0.0.1,99:0", "10.0.0.1,99:0"],
  ["hash:ip,port family inet6", "::1,icmpv6:echo-request", "::1,ipv6-icmp:echo-request"],
  ["hash:ip,port bitmask 255.255.0.255", "10.0.1.5/30,80", ...[4, 5, 6, 7].map((n) => `10.0.0.${n},tcp:80`)],
  ["hash:net", "10.1.2.3/24", "10.1.2.0/24"],
  ["hash:net", "10.1.2.3-10.1.2.9", "10.1.2.3", "10.1.2.4/30", "10.1.2.8/31"],
  ["hash:net,iface", "10.0.0.0/8,physdev:eth0", "10.0.0.0/8,physdev:eth0"],
  ["hash:net,iface", "0.0.0.0/0,eth0", "0.0.0.0/0,eth0"],
  ["hash:net,port", "1.2.3.4/24,80-81", "1.2.3.0/24,tcp:80", "1.2.3.0/24,tcp:81"],
  [
    "hash:ip,port,net",
    "10.0.0.1,80,10.0.0.1-10.0.0.3",
    "10.0.0.1,tcp:80,10.0.0.1",
    "10.0.0.1,tcp:80,10.0.0.2/31",
  ],
  ["bitmap:ip,mac range 10.0.0.0/24", "10.0.0.5,aa:BB:cc:0:1:2", "10.0.0.5,AA:BB:CC:00:01:02"],
  ["bitmap:ip,mac range 10.0.0.0/24", "10.0.0.5", "10.0.0.5"],
  ["bitmap:ip range 10.0.0.0/16 netmask 24", "10.0.5.3", "10.0.5.0"],
  ["bitmap:port range 50-100", "60-58", "58", "59", "60"],
];

/** Text that ipset 7.17 refuses, with the line and its words. */
const refusals: readonly (readonly [text: string, line: number, words: string])[] = [
  ["add nope 10.0.0.1", 1, "The set with the given name does not exist"],
  ["create a hash:foo", 1, "typename 'hash:foo' is unknown"],
  ["create a hash:ip nomatch", 1, "Unknown argument: `nomatch'"],
  ["create a bitmap:ip", 1, "Mandatory option `range' is missing"],
  [
    "create a bitmap:ip range 10.0.0.0/8",
    1,
    "The range you specified exceeds the size limit of the set type",
  ],
  ["create a hash:ip netmask 0", 1, "netmask is out of the inclusive range of 1-32"],
  ["create a hash:ip\ncreate a hash:ip", 2, "Set cannot be created: set with the same name already exists"],
  [
    "create a hash:ip\nadd a 1.1.1.1 timeout 5",
    2,
    "Timeout cannot be used: set was created without timeout support",
  ],
  ["create a hash:ip timeout 9\nadd a 1.1.1.1 timeout 99999999", 2, "'99999999' is out of range 0-2147483"],
  [
    "create a hash:ip\nadd a 1.1.1.1\nadd a 1.1.1.1",
    3,
    "Element cannot be added to the set: it's already added",
  ],
  ["create a hash:ip\ndel a 1.1.1.1", 2, "Element cannot be deleted from the set: it's not added"],
  ["create a hash:ip maxelem 2\nadd a 1.1.1.0/30", 2, "Hash is full, cannot add more elements"],
  ["create a hash:net\nadd a 0.0.0.0/0", 2, "The value of the CIDR parameter of the IP address is invalid"],
  [
    "create a hash:ip,port\nadd a 1.1.1.1,gre:5",
    2,
    "Protocol gre can be used with pseudo port value 0 only.",
  ],
  ["create a hash:ip,port\nadd a 1.1.1.1,icmp:redirect", 2, "Cannot parse redirect as an ICMP type/code."],
  [
    "create a hash:ip\nadd a 1.1.1.1,2.2.2.2",
    2,
    "Elem separator in 1.1.1.1,2.2.2.2, but settype hash:ip supports none.",
  ],
  ['create a hash:ip comment\nadd a 1.1.1.1 comment "x', 2, "Missing close quote!"],
  ["create l list:set\nadd l l", 2, "Sets with list:set type cannot be added to the set."],
  [
    "create a hash:ip\ncreate l list:set\nadd l a\ndestroy a",
    4,
    "Set cannot be destroyed: it is in use by a kernel component",
  ],
  ["frob a", 1, "No command specified: unknown argument frob"],
];

describe("parseIpsets", () => {
  for (const [create, add, ...saved] of elements) {
    it(`reads \`${add}\` of ${create}`, () => {
      const sets = read(`create a ${create}\nadd a ${add}\n`);
      expect(sets.wrong).to.deep.equal([]);
      expect(sets.elements("a")).to.deep.equal([...saved].sort());
    });
  }

  for (const [text, line, words] of refusals) {
    it(`refuses as ipset does: ${text.split("\n").at(-1)}`, () => {
      expect(read(text).wrong).to.deep.equal([[line, words]]);
    });
  }

  it("goes on behind a line that is wrong", () => {
    const sets = read("create a hash:ip\nadd a nonsense\nadd a 10.0.0.1\n");
    expect(sets.wrong).to.have.length(1);
    expect(sets.elements("a")).to.deep.equal(["10.0.0.1"]);
  });

  it("reads what an entry carries", () => {
    const text = `create a hash:ip timeout 7 counters comment skbinfo
add a 10.0.0.1 timeout 0 packets 5 bytes 6 comment "x y" skbmark 0x1/0xff skbprio 1:a0 skbqueue 3`;
    expect(read(text).entry("a")).to.deep.include({
      expires: undefined,
      packets: 5,
      bytes: 6,
      comment: "x y",
      mark: 1,
      markMask: 0xff,
      priority: 0x100a0,
      queue: 3,
    });
  });

  it("keeps the counters of an entry that is added again without any, as Linux does", () => {
    const again = read(`create a hash:ip counters
add a 10.0.0.1 packets 3 bytes 9
add -exist a 10.0.0.1`);
    expect(again.entry("a")).to.deep.include({ packets: 3, bytes: 9 });
    const learnt = read(`create b bitmap:ip,mac range 10.0.0.0/24 counters
add b 10.0.0.1 packets 3 bytes 9
add b 10.0.0.1,02:00:00:00:00:01`);
    expect(learnt.wrong).to.deep.equal([]);
    expect(learnt.entry("b")).to.deep.include({ packets: 3, bytes: 9 });
  });

  it("takes the commands' short and old names, and -exist in any place", () => {
    const sets = read(`-N a iphash
n b nethash
-A a 10.0.0.1
add a 10.0.0.1 -exist
-! ad a 10.0.0.1
# a comment
e b c
COMMIT`);
    expect(sets.wrong).to.deep.equal([]);
    expect(sets.names).to.deep.equal(["a", "c"]);
  });

  it("swaps, flushes and destroys", () => {
    const sets = read(`create a hash:ip
create b hash:ip
add a 10.0.0.1
swap a b
create d hash:ip
add d 10.0.0.9
flush d
destroy a`);
    expect(sets.names).to.deep.equal(["b", "d"]);
    expect(sets.elements("b")).to.deep.equal(["10.0.0.1"]);
    expect(sets.elements("d")).to.deep.equal([]);
  });

  it("keeps the order of a list", () => {
    const text = "create a hash:ip\ncreate b hash:ip\ncreate c hash:ip\ncreate l list:set\n";
    const list = parseIpsets(`${text}add l a\nadd l b before a\nadd l c after b\n`).ipsets.sets.get("l");
    expect(list?.entries.map(({ parts }) => printParts(parts, "ipv4"))).to.deep.equal(["b", "c", "a"]);
  });

  it("never throws", () => {
    const word = fc.constantFrom(
      ...[
        "create",
        "add",
        "del",
        "a",
        "b",
        "hash:ip",
        "hash:net,iface",
        "bitmap:port",
        "list:set",
        "range",
        "0-9",
      ],
      ...[
        "10.0.0.1",
        "10.0.0.0/8",
        "::1",
        "tcp:80",
        "1-2",
        ",",
        '"',
        "timeout",
        "5",
        "comment",
        "family",
        "inet6",
      ],
    );
    const line = fc.oneof(
      fc.array(word).map((words) => words.join(" ")),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        parseIpsets(lines.join("\n"));
      }),
    );
  });
});
