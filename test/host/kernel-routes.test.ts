import { readdirSync, readFileSync } from "node:fs";
import { expect } from "chai";
import type { Route } from "../../src/host/host.ts";
import { hostFromIpJson } from "../../src/host/ip-json.ts";
import { parseSysctlText } from "../../src/host/sysctl.ts";
import { parseAddress, printAddress } from "../../src/packet/address.ts";
import type { Question } from "./route-scenarios.ts";

interface Answer {
  readonly type?: string;
  readonly dev?: string;
  readonly gateway?: string;
  readonly prefsrc?: string;
}
interface Asked {
  readonly question: Question;
  /** What `ip -j route get` printed: a route, or the kernel's refusal. */
  readonly answer: Answer | string;
}

/** The kernel's errors in words of ours; `blackhole` and `martian` are both EINVAL. */
const refusals: Readonly<Record<string, readonly string[]>> = {
  "RTNETLINK answers: Invalid argument": ["martian", "blackhole"],
  "RTNETLINK answers: Invalid cross-device link": ["martian"],
  "RTNETLINK answers: Network is unreachable": ["unreachable 0"],
  // a host that does not forward gives this error to itself and tells nobody
  "RTNETLINK answers: No route to host": ["unreachable", "blackhole"],
  "RTNETLINK answers: Permission denied": ["prohibit"],
};

const name = (value: ReturnType<typeof parseAddress>): string =>
  value === undefined ? "" : printAddress(value);

/** A route as `ip route get` would word it. */
function inIpWords(route: Route, { to, from, iif }: Question): string {
  switch (route.kind) {
    case "local":
      return `local dev lo${iif || from ? "" : ` src ${name(route.preferredSource)}`}`;
    case "broadcast":
      return `broadcast dev ${iif ? "lo" : route.device}${iif || from ? "" : ` src ${name(route.preferredSource)}`}`;
    case "unicast":
    case "multicast": {
      const hop = name(route.nextHop);
      const via = hop === to || route.kind === "multicast" ? "" : ` via ${hop}`;
      const source = iif || from ? "" : ` src ${name(route.preferredSource)}`;
      return `${route.kind}${via} dev ${route.device}${source}`;
    }
    case "unreachable":
      return route.icmpCode === 0 ? "unreachable 0" : "unreachable";
    default:
      return route.kind;
  }
}

/** We say `broadcast` for a multicast that is taken in, and `unicast` for a broadcast that is forwarded. */
function receivedType({ type = "unicast", dev }: Answer): string {
  if (type !== "multicast" && type !== "broadcast") return type;
  return dev === "lo" ? "broadcast" : "unicast";
}

function kernelWords({ question: { iif, from }, answer }: Asked): readonly string[] {
  if (typeof answer === "string") return refusals[answer] ?? [answer];
  const type = iif ? receivedType(answer) : (answer.type ?? "unicast");
  const via = answer.gateway === undefined ? "" : ` via ${answer.gateway}`;
  const source = iif || from ? "" : ` src ${answer.prefsrc ?? ""}`;
  return [`${type}${via} dev ${answer.dev}${source}`];
}

describe("routes as the kernel chooses them", () => {
  const root = "fixtures/host";
  for (const folder of readdirSync(root)) {
    const text = (file: string): string => readFileSync(`${root}/${folder}/${file}`, "utf8");
    const json = (file: string): unknown => JSON.parse(text(file));
    const host = hostFromIpJson({
      addresses: json("ip-addr.json"),
      routes: json("ip-route.json"),
      rules: json("ip-rule.json"),
      neighbours: json("ip-neigh.json"),
      sysctl: parseSysctlText(text("sysctl.txt")),
    });
    const asked = JSON.parse(text("answers.json")) as readonly Asked[];
    describe(folder, () => {
      for (const one of asked) {
        const { to, from, iif, tos, mark } = one.question;
        const title = Object.entries(one.question).flat().join(" ");
        it(title, () => {
          const route = host.route({
            destination: parseAddress(to) ?? 0,
            source: from === undefined ? undefined : parseAddress(from),
            inDevice: iif,
            tos: Number(tos ?? 0),
            mark: Number(mark ?? 0),
          });
          expect(kernelWords(one), route.why).to.include(inIpWords(route, one.question));
        });
      }
    });
  }
});
