import type { Arg } from "./extension.ts";

/** The ports of a bridge that a packet came in by and will leave by; absent for a packet that is routed on that side. */
export interface BridgePorts {
  readonly in: string | undefined;
  readonly out: string | undefined;
}

type PortOptions = Readonly<Record<string, Arg<string | true> | undefined>>;

/** What physdev_mt (xt_physdev.c) says of a packet; without `ports` no bridge carries it. */
export function fitsBridge(args: PortOptions, ports: BridgePorts | undefined): boolean {
  // without a bridge exactly the inverted options hold
  if (!ports) return Object.values(args).every((arg) => arg === undefined || arg.inverted);
  const flags: readonly (readonly [option: string, holds: boolean])[] = [
    ["physdev-is-bridged", ports.in !== undefined && ports.out !== undefined],
    ["physdev-is-in", ports.in !== undefined],
    ["physdev-is-out", ports.out !== undefined],
    ["physdev-in", isNamed(ports.in, args["physdev-in"]?.value)],
    ["physdev-out", isNamed(ports.out, args["physdev-out"]?.value)],
  ];
  return flags.every(([option, holds]) => {
    const arg = args[option];
    return arg === undefined || holds !== arg.inverted;
  });
}

/** An absent port has the name `nulldevname`. */
function isNamed(port = "nulldevname", name: string | true | undefined): boolean {
  if (typeof name !== "string") return false;
  return name.endsWith("+") ? port.startsWith(name.slice(0, -1)) : port === name;
}
