import type { DrawnPort } from "../conntrack/nat/unique-tuple.ts";
import { printAddress } from "../packet/address.ts";
import type { Tuple } from "../packet/connection.ts";

/**
 * The ports that a kernel drew at random, read off its `conntrack -L` lines: a machine that follows them can be compared
 * with that kernel packet by packet. Only a line whose original tuple is the asked one says something.
 */
export class DrawnPorts {
  private readonly replies = new Map<string, { readonly source: number; readonly destination: number }>();

  private readonly expected = new Map<string, number>();

  /** Takes in the kernel's lists after a packet: of connections, and of what helpers expect. */
  read(lines: readonly string[], expectations: readonly string[] = []): void {
    for (const line of expectations) {
      const [, port, source, destination, sport, dport] = expectedShape.exec(line) ?? [];
      this.expected.set([source, destination, sport, dport].join(" "), Number(port));
    }
    for (const line of lines) {
      const [original, reply] = endsOf(line);
      if (original && reply)
        this.replies.set(original.key, { source: reply.destination, destination: reply.source });
    }
  }

  readonly ask: DrawnPort = (original, manip) => {
    if (manip !== "expected") return this.replies.get(keyOf(original))?.[manip];
    const { source, destination, sourcePort, destinationPort } = original;
    const master = [printAddress(source), printAddress(destination), sourcePort, destinationPort];
    return this.expected.get(master.join(" "));
  };
}

const keyOf = ({ protocol, source, destination, sourcePort, destinationPort, zone }: Tuple): string => {
  const ports = protocol === 1 || protocol === 58 ? [sourcePort] : [sourcePort, destinationPort];
  return [protocol, printAddress(source), printAddress(destination), ...ports, zone].join(" ");
};

interface End {
  readonly key: string;
  readonly source: number;
  readonly destination: number;
}

/** The expected port, and the ends of the connection that announced it. */
const expectedShape = /dport=(\d+) mask-src=.* master-src=(\S+) master-dst=(\S+) sport=(\d+) dport=(\d+)/;

const endShape = /src=(\S+) dst=(\S+) (?:sport=(\d+) dport=(\d+)|type=\d+ code=\d+ id=(\d+))/g;

function endsOf(line: string): readonly End[] {
  const number = /^\S+ +(\d+) /.exec(line)?.[1] ?? "";
  const zone = / zone(?:-orig)?=(\d+)/.exec(line)?.[1] ?? "0";
  return [...line.matchAll(endShape)].map(([, source, destination, sport, dport, id]) => ({
    key: [number, source, destination, ...(id === undefined ? [sport, dport] : [id]), zone].join(" "),
    source: Number(id ?? sport),
    destination: Number(id ?? dport),
  }));
}
