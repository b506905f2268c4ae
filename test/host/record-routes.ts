/**
 * `npx tsx test/host/record-routes.ts`, as root: asks this machine's kernel where packets would go, in network namespaces
 * of its own, and writes the answers to fixtures/host. Each folder holds a snapshot and `answers.json`.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { type Question, scenarios } from "./route-scenarios.ts";

const sysctls =
  "net.ipv4.ip_forward|net.ipv6.conf.all.forwarding|net.ipv4.conf.(all|default|eth[0-9]).(forwarding|rp_filter|accept_local|route_localnet|send_redirects|src_valid_mark|bc_forwarding)";

const common = `
ip link set lo up
for n in 0 1 2; do
  ip link add eth$n type veth peer name p$n
  sysctl -qw net.ipv6.conf.p$n.disable_ipv6=1
  ip link set p$n up
  ip link set eth$n address 02:00:00:00:0$n:01 up
done
ip addr add 192.0.2.1/24 brd + dev eth0
ip addr add 192.0.2.200/24 brd + dev eth0
ip addr add 10.0.0.1/24 brd + dev eth1
ip -6 addr add 2001:db8:1::1/64 dev eth0 nodad
ip -6 addr add 2001:db8:2::1/64 dev eth1 nodad
ip route add default via 192.0.2.254
ip -6 route add default via 2001:db8:1::fe dev eth0
ip neigh add 192.0.2.254 lladdr 02:00:00:00:00:fe dev eth0
sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
sleep 2`;

function command({ to, from, iif, tos, mark }: Question): string {
  const words = ["ip", to.includes(":") ? "-6" : "-4", "-j", "route", "get", to];
  if (from !== undefined) words.push("from", from);
  if (iif !== undefined) words.push("iif", iif);
  if (tos !== undefined) words.push("tos", tos);
  if (mark !== undefined) words.push("mark", mark);
  return words.join(" ");
}

/** One shell does it all: sections are parted by lines of `=====`. */
function record(setup: string, questions: readonly Question[]): readonly string[] {
  const script = [
    "set -e",
    common,
    setup,
    "set +e",
    "part() { echo; echo =====; }",
    "ip -j addr; part",
    "ip addr; part",
    "ip -j route show table all; part",
    "ip -j rule; part",
    "ip -j neigh; part",
    `sysctl -a 2>/dev/null | grep -E '^(${sysctls}) '`,
    ...questions.map((question) => `part; ${command(question)} 2>&1`),
  ].join("\n");
  const run = spawnSync("unshare", ["-n", "sh", "-c", script], { encoding: "utf8" });
  if (run.stderr !== "") throw new Error(run.stderr);
  return run.stdout.split("\n=====\n").map((text) => text.trim());
}

for (const { name, setup, questions } of scenarios) {
  const [
    addresses = "",
    addressText = "",
    routes = "",
    rules = "",
    neighbours = "",
    sysctl = "",
    ...answers
  ] = record(setup, questions);
  const folder = `fixtures/host/${name}`;
  mkdirSync(folder, { recursive: true });
  const write = (file: string, text: string): void => writeFileSync(`${folder}/${file}`, `${text}\n`);
  const lines = (json: string): string =>
    `[\n${(JSON.parse(json) as unknown[]).map((one) => `  ${JSON.stringify(one)}`).join(",\n")}\n]`;
  write("ip-addr.json", lines(addresses));
  write("ip-addr.txt", addressText);
  write("ip-route.json", lines(routes));
  write("ip-rule.json", lines(rules));
  write("ip-neigh.json", lines(neighbours));
  write("sysctl.txt", sysctl);
  const asked = questions.map((question, index) => {
    const text = answers[index] ?? "";
    return JSON.stringify({ question, answer: text.startsWith("[") ? JSON.parse(text)[0] : text });
  });
  write("answers.json", `[\n  ${asked.join(",\n  ")}\n]`);
  console.log(`${name}: ${questions.length} answers`);
}
