/**
 * `unshare -n npx tsx test/packet/record-received.ts`, as root: which frames a kernel lets in to raw/PREROUTING, and with how
 * many bytes. Writes fixtures/packet/received.json.
 */
import { writeFileSync } from "node:fs";
import { parseAddress } from "../../src/packet/address.ts";
import { buildIpv4, buildIpv6 } from "../../src/packet/build.ts";
import { setHeaderChecksum } from "../../src/packet/checksum.ts";
import { toHex } from "../../src/packet/hex.ts";
import { run } from "../kernel/commands.ts";
import { Tap } from "../kernel/tap.ts";

const mac = Uint8Array.of(2, 0, 0, 0, 0, 1);
const other = Uint8Array.of(2, 0, 0, 0, 0, 2);
const a4 = (text: string): number => Number(parseAddress(text));
const a6 = (text: string): bigint => BigInt(parseAddress(text) ?? 0);

type Change = (bytes: Uint8Array) => Uint8Array | undefined;
const at =
  (...pairs: readonly (readonly [number, number])[]): Change =>
  (bytes) => {
    for (const [index, value] of pairs) bytes[index] = value;
    return bytes;
  };
const sound =
  (change: Change): Change =>
  (bytes) => {
    const changed = change(bytes) ?? bytes;
    setHeaderChecksum(changed);
    return changed;
  };
const cut =
  (length: number): Change =>
  (bytes) =>
    bytes.slice(0, length);
const pad =
  (length: number): Change =>
  (bytes) => {
    const padded = new Uint8Array(length);
    padded.set(bytes);
    return padded;
  };

const udp = Uint8Array.of(0x9c, 0x40, 0, 53, 0, 12, 0, 0, 1, 2, 3, 4);
const ip4 = (source = "192.0.2.9", destination = "192.0.2.1") =>
  buildIpv4({ source: a4(source), destination: a4(destination), protocol: 17, payload: udp });
const ip6 = (source = "2001:db8::9", destination = "2001:db8::1", protocol = 17, payload = udp) =>
  buildIpv6({ source: a6(source), destination: a6(destination), protocol, payload });

function frame(packet: Uint8Array, to = mac, etherType?: number, tag: readonly number[] = []): Uint8Array {
  const type = etherType ?? (packet[0]! >> 4 === 6 ? 0x86dd : 0x0800);
  return Uint8Array.from([...to, ...other, ...tag, type >> 8, type & 255, ...packet]);
}

/** IPv4 options: the header grows to 24 bytes. */
function withOptions(options: readonly number[]): Uint8Array {
  const plain = ip4();
  const bytes = Uint8Array.from([...plain.slice(0, 20), ...options, ...plain.slice(20)]);
  bytes[0] = 0x40 | (5 + options.length / 4);
  bytes[3] = bytes.length;
  setHeaderChecksum(bytes);
  return bytes;
}

const hopByHop = (option: readonly number[]) => Uint8Array.from([17, 0, ...option, ...udp]);

const cases: Readonly<Record<string, Uint8Array>> = {
  IPv4: frame(ip4()),
  "IPv4, to everybody": frame(ip4("192.0.2.9", "192.0.2.255"), new Uint8Array(6).fill(255)),
  "IPv4, to a multicast MAC": frame(ip4(), Uint8Array.of(1, 0, 0x5e, 0, 0, 1)),
  "IPv4, to another host's MAC": frame(ip4(), Uint8Array.of(2, 0, 0, 0, 0, 9)),
  "IPv4, padded": frame(pad(46)(ip4()) ?? ip4()),
  "IPv4, cut off": frame(cut(30)(ip4()) ?? ip4()),
  "IPv4, cut off in the header": frame(cut(19)(ip4()) ?? ip4()),
  "IPv4, nothing behind the Ethernet header": frame(new Uint8Array(0), mac, 0x0800),
  "IPv4, version 5": frame(sound(at([0, 0x55]))(ip4()) ?? ip4()),
  "IPv4, version 6 under IPv4's EtherType": frame(ip6(), mac, 0x0800),
  "IPv4, header length 16": frame(sound(at([0, 0x44]))(ip4()) ?? ip4()),
  "IPv4, header length beyond the end": frame(at([0, 0x4f])(ip4()) ?? ip4()),
  "IPv4, bad checksum": frame(at([10, 1], [11, 2])(ip4()) ?? ip4()),
  "IPv4, checksum 0xffff for 0": frame(at([10, 0xff], [11, 0xff])(ip4()) ?? ip4()),
  "IPv4, length 0": frame(sound(at([3, 0]))(ip4()) ?? ip4()),
  "IPv4, length 19": frame(sound(at([3, 19]))(ip4()) ?? ip4()),
  "IPv4, length 20": frame(sound(at([3, 20]))(ip4()) ?? ip4()),
  "IPv4, length 33 of 32": frame(sound(at([3, 33]))(ip4()) ?? ip4()),
  "IPv4, TTL 0": frame(sound(at([8, 0]))(ip4()) ?? ip4()),
  "IPv4, reserved flag": frame(sound(at([6, 0x80]))(ip4()) ?? ip4()),
  "IPv4, protocol 0": frame(sound(at([9, 0]))(ip4()) ?? ip4()),
  "IPv4, source 0": frame(ip4("0.0.0.0")),
  "IPv4, source loopback": frame(ip4("127.0.0.1")),
  "IPv4, source multicast": frame(ip4("224.0.0.1")),
  "IPv4, good options": frame(withOptions([1, 1, 1, 0])),
  "IPv4, options that do not parse": frame(withOptions([7, 40, 4, 0])),
  "IPv4, loose source route": frame(withOptions([131, 3, 4, 0])),
  "IPv4 in a VLAN": frame(ip4(), mac, 0x0800, [0x81, 0, 0, 5]),
  "IPv4 with a priority tag": frame(ip4(), mac, 0x0800, [0x81, 0, 0xe0, 0]),
  "IPv4 in 802.3": frame(ip4(), mac, 40),
  "IPv4 under IPv6's EtherType": frame(ip4(), mac, 0x86dd),
  "ARP's EtherType": frame(ip4(), mac, 0x0806),
  IPv6: frame(ip6()),
  "IPv6, to another host's MAC": frame(ip6(), Uint8Array.of(2, 0, 0, 0, 0, 9)),
  "IPv6, padded": frame(pad(80)(ip6()) ?? ip6()),
  "IPv6, cut off": frame(cut(50)(ip6()) ?? ip6()),
  "IPv6, cut off in the header": frame(cut(39)(ip6()) ?? ip6()),
  "IPv6, version 7": frame(at([0, 0x70])(ip6()) ?? ip6(), mac, 0x86dd),
  "IPv6, payload length 0": frame(at([5, 0])(ip6()) ?? ip6()),
  "IPv6, payload length 0, nothing behind": frame(cut(40)(at([5, 0])(ip6()) ?? ip6()) ?? ip6()),
  "IPv6, payload length 0 with hop-by-hop": frame(
    at([5, 0])(ip6("2001:db8::9", "2001:db8::1", 0, hopByHop([1, 4, 0, 0, 0, 0]))) ?? ip6(),
  ),
  "IPv6, hop-by-hop": frame(ip6("2001:db8::9", "2001:db8::1", 0, hopByHop([1, 4, 0, 0, 0, 0]))),
  "IPv6, hop-by-hop with an option to discard": frame(
    ip6("2001:db8::9", "2001:db8::1", 0, hopByHop([0x7e, 4, 0, 0, 0, 0])),
  ),
  "IPv6, hop-by-hop with an option to skip": frame(
    ip6("2001:db8::9", "2001:db8::1", 0, hopByHop([0x3e, 4, 0, 0, 0, 0])),
  ),
  "IPv6, hop-by-hop whose option is too long": frame(
    ip6("2001:db8::9", "2001:db8::1", 0, hopByHop([0x3e, 9, 0, 0, 0, 0])),
  ),
  "IPv6, hop-by-hop longer than the packet": frame(
    ip6("2001:db8::9", "2001:db8::1", 0, Uint8Array.of(17, 9, 1, 4, 0, 0, 0, 0)),
  ),
  "IPv6, hop-by-hop with three bytes of padding in a row": frame(
    ip6("2001:db8::9", "2001:db8::1", 0, hopByHop([0, 0, 0, 0, 0, 0])),
  ),
  "IPv6, hop-by-hop with padding that is not zero": frame(
    ip6("2001:db8::9", "2001:db8::1", 0, hopByHop([1, 4, 0, 7, 0, 0])),
  ),
  "IPv6, hop-by-hop with a router alert": frame(
    ip6("2001:db8::9", "2001:db8::1", 0, hopByHop([5, 2, 0, 0, 1, 0])),
  ),
  "IPv6, no next header": frame(ip6("2001:db8::9", "2001:db8::1", 59, new Uint8Array(0))),
  "IPv6, hop limit 0": frame(at([7, 0])(ip6()) ?? ip6()),
  "IPv6, source ::": frame(ip6("::")),
  "IPv6, source ::1": frame(ip6("::1")),
  "IPv6, destination ::1": frame(ip6("2001:db8::9", "::1")),
  "IPv6, destination ::": frame(ip6("2001:db8::9", "::")),
  "IPv6, source multicast": frame(ip6("ff02::1")),
  "IPv6, to ff00::1": frame(ip6("2001:db8::9", "ff00::1"), Uint8Array.of(0x33, 0x33, 0, 0, 0, 1)),
  "IPv6, to ff01::1": frame(ip6("2001:db8::9", "ff01::1"), Uint8Array.of(0x33, 0x33, 0, 0, 0, 1)),
  "IPv6, to ff02::1": frame(ip6("2001:db8::9", "ff02::1"), Uint8Array.of(0x33, 0x33, 0, 0, 0, 1)),
  "IPv6, to ff05::9": frame(ip6("2001:db8::9", "ff05::9"), Uint8Array.of(0x33, 0x33, 0, 0, 0, 9)),
  "IPv6, source v4-mapped": frame(ip6("::ffff:10.0.0.1")),
};

run("ip", ["link", "set", "lo", "up"]);
const tap = new Tap("eth0");
run("ip", ["link", "set", "eth0", "address", "02:00:00:00:00:01", "up"]);
run("ip", ["addr", "add", "192.0.2.1/24", "brd", "+", "dev", "eth0"]);
run("ip", ["addr", "add", "2001:db8::1/64", "dev", "eth0", "nodad"]);
const programs = ["iptables-legacy", "ip6tables-legacy"];
for (const program of programs) run(program, ["-t", "raw", "-A", "PREROUTING", "-i", "eth0", "-j", "DROP"]);

/** Bytes of the packets that came in since the last call, both families. */
const seen = (): readonly number[] =>
  programs.flatMap((program) => {
    const list = run(program, ["-t", "raw", "-L", "PREROUTING", "-nvxZ"]);
    const [, packets, bytes] = /^\s*(\d+)\s+(\d+)\s+DROP/m.exec(list) ?? [];
    return packets === "0" ? [] : [Number(bytes)];
  });

await new Promise((resolve) => setTimeout(resolve, 2500));
seen();
const results: string[] = [];
for (const [name, bytes] of Object.entries(cases)) {
  tap.write(bytes);
  await new Promise((resolve) => setTimeout(resolve, 20));
  const [length] = seen();
  results.push(JSON.stringify({ name, frame: toHex(bytes), length: length ?? null }));
}
writeFileSync("fixtures/packet/received.json", `[\n  ${results.join(",\n  ")}\n]\n`);
console.log(`${results.length} frames`);
process.exit();
