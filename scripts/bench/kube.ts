import { seeded } from "./acl.ts";

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const ports = [80, 443, 8080, 9090, 5432];

const always = [
  "-A PREROUTING -m comment --comment KUBE -j KUBE-SERVICES",
  '-A OUTPUT -m comment --comment "kubernetes service portals" -j KUBE-SERVICES',
  '-A POSTROUTING -m comment --comment "kubernetes postrouting rules" -j KUBE-POSTROUTING',
  "-A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000",
  "-A KUBE-POSTROUTING -m mark ! --mark 0x4000/0x4000 -j RETURN",
  "-A KUBE-POSTROUTING -j MARK --set-xmark 0x4000/0x0",
  '-A KUBE-POSTROUTING -m comment --comment "kubernetes service traffic requiring SNAT" -j MASQUERADE --random-fully',
];
const nodePorts =
  '-A KUBE-SERVICES -m comment --comment "kubernetes service nodeports; NOTE: this must be the last rule in this chain" -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS';

/**
 * The nat table that kube-proxy makes for so many services of one to three endpoints each, as iptables-save prints it: eight
 * rules and three chains a service.
 */
export function kubeDump(services: number, seed = 1): string {
  const random = seeded(seed);
  const id = (): string => Array.from({ length: 16 }, () => letters[random() % letters.length]).join("");
  const rules = new Map<string, string[]>([
    ["KUBE-MARK-MASQ", []],
    ["KUBE-NODEPORTS", []],
    ["KUBE-POSTROUTING", []],
    ["KUBE-SERVICES", []],
  ]);
  for (let n = 0; n < services; n++) {
    const service = `KUBE-SVC-${id()}`;
    const name = `ns-${n % 97}/svc-${n}:http`;
    const address = `10.${96 + (n >> 16)}.${(n >> 8) & 255}.${n & 255}`;
    const asked = `-d ${address}/32 -p tcp -m comment --comment "${name} cluster IP" -m tcp --dport ${ports[n % ports.length]}`;
    rules.get("KUBE-SERVICES")?.push(`-A KUBE-SERVICES ${asked} -j ${service}`);
    const lines = [`-A ${service} ! -s 10.244.0.0/16 ${asked} -j KUBE-MARK-MASQ`];
    rules.set(service, lines);
    for (let left = 1 + (random() % 3); left > 0; left--) {
      const endpoint = `KUBE-SEP-${id()}`;
      const to = `10.244.${random() % 256}.${random() % 256}`;
      const share = (Math.round(2 ** 31 / left) / 2 ** 31).toFixed(11);
      const drawn = left > 1 ? ` -m statistic --mode random --probability ${share}` : "";
      lines.push(`-A ${service} -m comment --comment "${name} -> ${to}:8080"${drawn} -j ${endpoint}`);
      rules.set(endpoint, [
        `-A ${endpoint} -s ${to}/32 -m comment --comment "${name}" -j KUBE-MARK-MASQ`,
        `-A ${endpoint} -p tcp -m comment --comment "${name}" -m tcp -j DNAT --to-destination ${to}:8080`,
      ]);
    }
  }
  rules.get("KUBE-SERVICES")?.push(nodePorts);
  const chains = [...rules.keys()].sort();
  const builtin = ["PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"].map((chain) => `:${chain} ACCEPT [0:0]`);
  const own = chains.flatMap((chain) => [
    ...always.filter((line) => line.startsWith(`-A ${chain} `)),
    ...(rules.get(chain) ?? []),
  ]);
  const heads = chains.map((chain) => `:${chain} - [0:0]`);
  return ["*nat", ...builtin, ...heads, ...always.slice(0, 3), ...own, "COMMIT", ""].join("\n");
}
