import fc from "fast-check";

/** Sets of all types, with few elements to choose from each, so that commands and packets meet the same ones. */
const kinds: readonly { readonly create: string; readonly parts: readonly (keyof typeof words)[] }[] = [
  { create: "hash:ip", parts: ["ip"] },
  { create: "hash:ip timeout 3 maxelem 3", parts: ["ip"] },
  { create: "hash:ip netmask 24 maxelem 2 forceadd", parts: ["ip"] },
  { create: "hash:ip counters comment skbinfo", parts: ["ip"] },
  { create: "hash:ip family inet6 bitmask ffff:ffff:ffff::ff", parts: ["ip6"] },
  { create: "hash:ip,port timeout 2 counters", parts: ["ip", "port"] },
  { create: "hash:ip,port family inet6", parts: ["ip6", "port"] },
  { create: "hash:ip,port,ip", parts: ["ip", "port", "ip"] },
  { create: "hash:ip,port,net maxelem 4 forceadd", parts: ["ip", "port", "net"] },
  { create: "hash:ip,mark markmask 0xf", parts: ["ip", "mark"] },
  { create: "hash:ip,mac", parts: ["ip", "mac"] },
  { create: "hash:mac timeout 1", parts: ["mac"] },
  { create: "hash:net", parts: ["net"] },
  { create: "hash:net timeout 2 maxelem 5 forceadd comment", parts: ["net"] },
  { create: "hash:net family inet6 counters", parts: ["net6"] },
  { create: "hash:net,net bitmask 255.255.255.0", parts: ["net", "net"] },
  { create: "hash:net,net timeout 2", parts: ["net", "net"] },
  { create: "hash:net,port skbinfo", parts: ["net", "port"] },
  { create: "hash:net,port,net", parts: ["net", "port", "net"] },
  { create: "hash:net,iface", parts: ["net", "iface"] },
  { create: "hash:net,iface timeout 2 maxelem 6 forceadd", parts: ["net", "iface"] },
  { create: "hash:net,iface family inet6 counters", parts: ["net6", "iface"] },
  { create: "bitmap:ip range 10.0.0.0/24 netmask 28", parts: ["ip"] },
  { create: "bitmap:ip,mac range 10.0.0.0/16 timeout 2 counters", parts: ["ipMac"] },
  { create: "bitmap:ip,mac range 10.0.0.0/16", parts: ["ipMac"] },
  { create: "bitmap:port range 1-1000 counters", parts: ["port"] },
  { create: "list:set", parts: ["set"] },
  { create: "list:set counters timeout 3 skbinfo", parts: ["set"] },
];

const names = ["a", "b", "c", "d"];
const words = {
  ip: ["10.0.0.1", "10.0.0.2", "10.0.0.2", "10.0.0.17", "10.0.0.4-10.0.0.6", "192.0.2.7", "192.0.2.0/30"],
  ip6: ["2001:db8::1", "2001:db8::2", "2001:db8:1::1", "::1"],
  net: [
    ...["10.0.0.1", "10.0.0.0/8", "10.0.0.0/24", "10.0.0.0/30", "10.0.0.9-10.0.0.14", "192.0.2.0/24"],
    ...["192.0.0.0/9", "192.0.2.7/32", "0.0.0.0/0", "0.0.0.0/1"],
  ],
  net6: ["2001:db8::1", "2001:db8::/32", "2001:db8::/33", "2001:db8::/64", "2001:db8:1::/48", "::/1"],
  port: ["tcp:80", "80-82", "udp:53", "icmp:8/0", "gre:0", "tcp:40000"],
  mac: ["02:00:00:00:00:05", "02:00:00:00:00:06", "fe:ff:ff:ff:ff:ff"],
  ipMac: ["10.0.0.1", "10.0.0.1", "10.0.0.1,02:00:00:00:00:05", "10.0.0.2", "10.0.0.2,02:00:00:00:00:06"],
  mark: ["1", "0x11", "2"],
  iface: ["eth0", "eth1", "physdev:eth0", "et", "e"],
  set: names,
};
const options = [
  ...["", "", "", "", "timeout 1", "timeout 2", "timeout 0", "nomatch", "wildcard", "packets 3 bytes 400"],
  ...['comment "x y"', "comment z", "skbmark 0x1/0xff skbprio 1:2 skbqueue 4", "before a", "after b"],
];

type Kind = (typeof kinds)[number];

const element = (kind: Kind): fc.Arbitrary<string> =>
  fc.tuple(...kind.parts.map((part) => fc.constantFrom(...words[part]))).map((chosen) => chosen.join(","));

function change(all: readonly Kind[]): fc.Arbitrary<string> {
  const set = fc.nat(all.length - 1);
  const exist = fc.constantFrom("", "", " -exist");
  const add = set.chain((at) =>
    fc
      .tuple(element(all[at]!), fc.constantFrom(...options), exist)
      .map(([what, option, how]) => `add ${names[at]} ${what}${option && " "}${option}${how}`),
  );
  const del = set.chain((at) =>
    fc.tuple(element(all[at]!), exist).map(([what, how]) => `del ${names[at]} ${what}${how}`),
  );
  const pair = fc.tuple(
    fc.constantFrom("swap", "rename"),
    fc.constantFrom(...names),
    fc.constantFrom(...names),
  );
  return fc.oneof(
    { weight: 30, arbitrary: add },
    { weight: 6, arbitrary: del },
    { weight: 1, arbitrary: set.map((at) => `flush ${names[at]}`) },
    { weight: 1, arbitrary: pair.map((three) => three.join(" ")) },
  );
}

/** Lines that make up to four sets and change them, some of them refused. */
export const randomLines: fc.Arbitrary<readonly string[]> = fc
  .array(fc.constantFrom(...kinds), { minLength: 1, maxLength: names.length })
  .chain((all) =>
    fc
      .array(change(all), { maxLength: 40, size: "max" })
      .map((lines) => [...all.map(({ create }, at) => `create ${names[at]} ${create}`), ...lines]),
  );
