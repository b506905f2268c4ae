import { spawnSync } from "node:child_process";
import { run } from "./commands.ts";
import { loadSets } from "./load-sets.ts";
import type { Scenario } from "./scenario.ts";
import { standardHost } from "./standard-host.ts";
import { Tap } from "./tap.ts";

/** Makes the standard host in the present network namespace; gives its cables by interface, the sysctls that it set, and the sets that it made. */
export function setUpHost(scenario: Scenario): {
  taps: Map<string, Tap>;
  sysctl: Record<string, string>;
  sets: string | null;
} {
  const six = scenario.family === "ipv6";
  /** Runs commands of ip(8). */
  const ip = (commands: readonly string[]): void => {
    run("ip", [six ? "-6" : "-4", "-batch", "-"], `${commands.join("\n")}\n`);
  };
  const ofFamily = (text: string) => text.includes(":") === six;
  const sysctl: Record<string, string> = {
    ...standardHost.sysctl,
    // else the host's neighbour discovery would be among the emitted frames
    ...(six ? {} : { "net.ipv6.conf.all.disable_ipv6": "1" }),
    ...scenario.sysctl,
  };
  const set = () =>
    spawnSync("sysctl", ["-qw", ...Object.entries(sysctl).map(([name, value]) => `${name}=${value}`)]);

  ip(["link set lo up"]);
  const taps = new Map(standardHost.interfaces.map(({ name }) => [name, new Tap(name)] as const));
  set();
  const broadcast = six ? "nodad" : "brd +";
  ip(
    standardHost.interfaces.flatMap(({ name, mac, addresses }) => [
      `link set ${name} address ${mac} up`,
      ...addresses.filter(ofFamily).map((address) => `addr add ${address} dev ${name} ${broadcast}`),
    ]),
  );
  set();
  ip([
    ...standardHost.routes.filter(ofFamily),
    ...(scenario.routes ?? []),
    ...standardHost.neighbours
      .filter(({ address }) => ofFamily(address))
      .map(
        ({ address, device, mac }) => `neigh replace ${address} lladdr ${mac} dev ${device} nud permanent`,
      ),
  ]);
  const sets = scenario.sets ? loadSets(scenario.sets) : null;
  return { taps, sysctl, sets };
}
