import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { run } from "./commands.ts";
import { loadSets } from "./load-sets.ts";
import type { Scenario } from "./scenario.ts";
import { standardHost } from "./standard-host.ts";
import { Tap } from "./tap.ts";

/** A host that was set up. */
export interface LiveHost {
  /** Its cables, by interface. */
  readonly taps: Map<string, Tap>;
  /** The settings that were asked for, with the values that the kernel gave them. */
  readonly sysctl: Record<string, string>;
  /** `ipset restore` text of its sets. */
  readonly sets: string | null;
  /** When the sets were made, in seconds since 1970. */
  readonly setsAt: number | undefined;
}

/** Makes the standard host in the present network namespace. */
export function setUpHost(scenario: Scenario): LiveHost {
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
  const made = scenario.sets ? loadSets(scenario.sets) : undefined;
  return { taps, sysctl: asTheyAre(sysctl), sets: made?.text ?? null, setsAt: made?.at };
}

/** Settings as the kernel has them: in a namespace it does not take them all (nf_conntrack_max). Those that it lacks are left out. */
function asTheyAre(asked: Readonly<Record<string, string>>): Record<string, string> {
  const there = Object.keys(asked).flatMap((name): [string, string][] => {
    const file = `/proc/sys/${name.replaceAll(".", "/")}`;
    return existsSync(file) ? [[name, readFileSync(file, "utf8").trim()]] : [];
  });
  return Object.fromEntries(there);
}
