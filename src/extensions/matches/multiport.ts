import { portList } from "../../arg-types/port-list.ts";
import { always, and, not, or } from "../../formula/formula.ts";
import { defineMatch, type Problem } from "../extension.ts";
import { portIn, wholeHeader } from "../transport-header.ts";

/** TCP, UDP, DCCP, SCTP and UDP-Lite. */
const protocols = [6, 17, 33, 132, 136] as const;

const problem = (code: Problem["code"], message: string): readonly Problem[] => [{ code, message }];

export const multiport = defineMatch({
  name: "multiport",
  summary: "Up to 15 ports; a range takes the place of two",
  validIn: { protocols },
  options: {
    sports: {
      arg: portList,
      help: "the source port is one of these",
      aliases: ["source-ports"],
      called: "source-ports",
      invertible: true,
      excludes: ["dports", "ports"],
    },
    dports: {
      arg: portList,
      help: "the destination port is one of these",
      aliases: ["destination-ports"],
      called: "destination-ports",
      invertible: true,
      excludes: ["sports", "ports"],
    },
    ports: {
      arg: portList,
      help: "the source or the destination port is one of these",
      invertible: true,
      excludes: ["sports", "dports"],
    },
  },
  check({ sports, dports, ports }, { protocol }) {
    const some = sports || dports || ports;
    if (some && (protocol === undefined || protocol.value === 0)) {
      return problem(
        "wrong-place",
        "multiport needs `-p tcp', `-p udp', `-p udplite', `-p sctp' or `-p dccp'",
      );
    }
    if (some && (protocol?.inverted || !protocols.some((known) => known === protocol?.value))) {
      return problem("wrong-place", "multiport only works with TCP, UDP, UDPLITE, SCTP and DCCP");
    }
    return some ? [] : problem("option-missing", "multiport expection an option");
  },
  meaning({ sports, dports, ports }) {
    const wanted = ports
      ? or(portIn("source", ports.value, false), portIn("destination", ports.value, false))
      : undefined;
    return and(
      ...wholeHeader(4),
      sports ? portIn("source", sports.value, sports.inverted) : always,
      dports ? portIn("destination", dports.value, dports.inverted) : always,
      wanted ? (ports?.inverted ? not(wanted) : wanted) : always,
    );
  },
  examples: [
    {
      rule: "-p tcp -m multiport --dports ssh,80:90 -j ACCEPT",
      saves: "-p tcp -m multiport --dports 22,80:90 -j ACCEPT",
    },
    { rule: "-p udp -m multiport ! --ports 53,123", saves: "=" },
    { rule: "-p tcp -m multiport --dports 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16", refused: "bad-value" },
    { rule: "-p tcp -m multiport --dports 30:22", refused: "bad-value" },
    { rule: "-p tcp -m multiport --dports 1 --sports 2", refused: "option-conflict" },
    { rule: "-p tcp -m multiport", refused: "option-missing" },
    { rule: "-m multiport --dports 22", refused: "wrong-place" },
    { rule: "-p tcp -m multiport --dports 22,80:90", packet: "-p tcp --dport 85", matches: true },
    {
      rule: "-p tcp -m multiport ! --ports 22,40000",
      packet: "-p tcp --sport 40000 --dport 23",
      matches: false,
    },
  ],
});
