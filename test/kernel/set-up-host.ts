import { spawnSync } from "node:child_process";
import { run } from "./commands.ts";
import type { Scenario } from "./scenario.ts";
import { standardHost } from "./standard-host.ts";
import { Tap } from "./tap.ts";

/** Makes the standard host in the present network namespace; gives its cables by interface, and the sysctls that it set. */
export function setUpHost(scenario: Scenario): { taps: Map<string, Tap>; sysctl: Record<string, string> } {
  const six = scenario.family === "ipv6";
  const ofFamily = (text: string) => text.includes(":") === six;
  const sysctl: Record<string, string> = {
    ...standardHost.sysctl,
    // else the host's neighbour discovery would be among the emitted frames
    ...(six ? {} : { "net.ipv6.conf.all.disable_ipv6": "1" }),
    ...scenario.sysctl,
  };
  const set = () =>
    spawnSync("sysctl", ["-qw", ...Object.entries(sysctl).map(([name, value]) => `${name}=${value}`)]);

  run("ip", ["link", "set", "lo", "up"]);
  const taps = new Map(standardHost.interfaces.map(({ name }) => [name, new Tap(name)] as const));
  set();
  for (const { name, mac, addresses } of standardHost.interfaces) {
    run("ip", ["link", "set", name, "address", mac, "up"]);
    for (const address of addresses.filter(ofFamily))
      run("ip", ["addr", "add", address, "dev", name, ...(six ? ["nodad"] : ["brd", "+"])]);
  }
  set();
  const routes = standardHost.routes.filter(ofFamily);
  for (const route of [...routes, ...(scenario.routes ?? [])]) run("ip", route.split(" "));
  for (const { address, device, mac } of standardHost.neighbours.filter(({ address }) => ofFamily(address))) {
    run("ip", ["neigh", "replace", address, "lladdr", mac, "dev", device, "nud", "permanent"]);
  }
  if (scenario.sets) run("ipset", ["restore"], scenario.sets);
  return { taps, sysctl };
}
