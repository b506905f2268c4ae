import { type ArgType, bad, ok, type Result } from "./arg-type.ts";
import { readNumber } from "./number.ts";
import { servicePort } from "./services.ts";

/** The ports that NAT may take, and the port that a shifted range counts from. */
export interface NatPorts {
  readonly ports: readonly [low: number, high: number];
  readonly basePort?: number;
}

/** A port at the start of a text: digits with what follows them, or a service's name that fills the whole text. */
function leadingPort(text: string, low: number): { port: number; rest: string } | undefined {
  const read = readNumber(text, low, 65535);
  if (read) return { port: read.value, rest: read.rest };
  const port = servicePort(text, undefined);
  return port === undefined ? undefined : { port, rest: "" };
}

/** `port[-port[/base]]` (libxt_NAT.c). */
export function parseNatPorts(text: string): Result<NatPorts> {
  const invalid = (part: string) => bad(`Port \`${part}' not valid`);
  const first = leadingPort(text, 0);
  if (first === undefined) return invalid(text);
  if (first.rest === "") return ok({ ports: [first.port, first.port] });
  if (first.rest.startsWith(":")) return bad("Invalid port:port syntax - use dash");
  if (!first.rest.startsWith("-")) return bad(`Garbage after port value: \`${first.rest}'`);
  const lastText = first.rest.slice(1);
  const last = readNumber(lastText, 0, 65535);
  if (last === undefined) return invalid(lastText);
  if (last.value < first.port) return bad(`Port range \`${lastText}' funky`);
  const ports = [first.port, last.value] as const;
  if (last.rest === "") return ok({ ports });
  if (!last.rest.startsWith("/")) return bad(`Garbage after port range: \`${last.rest}'`);
  const baseText = last.rest.slice(1);
  const base = leadingPort(baseText, 1);
  return base === undefined ? invalid(baseText) : ok({ ports, basePort: base.port });
}

export function printNatPorts({ ports: [low, high], basePort }: NatPorts): string {
  return `${low}${high === low ? "" : `-${high}`}${basePort === undefined ? "" : `/${basePort}`}`;
}

/** The ports of MASQUERADE: a base is taken and lost, as iptables has no place for it. */
export const masqueradePorts: ArgType<NatPorts> = {
  placeholder: "port[-port]",
  words: 1,
  parse([text = ""]) {
    const read = parseNatPorts(text);
    return read.ok && read.value.basePort !== undefined ? ok({ ...read.value, basePort: 0 }) : read;
  },
  print: printNatPorts,
  samples: [{ ports: [1024, 1024] }, { ports: [1024, 65535] }, { ports: [0, 0] }],
};

/** The ports of REDIRECT. */
export const redirectPorts: ArgType<NatPorts> = {
  ...masqueradePorts,
  parse([text = ""]) {
    const read = parseNatPorts(text);
    return read.ok && read.value.basePort !== undefined
      ? bad("Shifted portmap ranges not supported with this kernel")
      : read;
  },
};
