import { hostMask } from "../../arg-types/address-mask.ts";
import { flag } from "../../arg-types/arg-type.ts";
import { choice } from "../../arg-types/choice.ts";
import { servicePortOf } from "../../arg-types/port-range.ts";
import { protocolNumber } from "../../arg-types/protocol.ts";
import { invertIf } from "../../formula/formula.ts";
import { defineMatch } from "../extension.ts";
import { optionText } from "../option-text.ts";
import { conflict, missing } from "../problem.ts";
import { told } from "../told.ts";

const options = {
  ipvs: { arg: flag, help: "the packet belongs to a connection of IPVS", invertible: true },
  vproto: { arg: protocolNumber, help: "protocol of the virtual service", invertible: true },
  vaddr: { arg: hostMask, help: "address of the virtual service", invertible: true },
  vport: { arg: servicePortOf, help: "port of the virtual service", invertible: true },
  vdir: { arg: choice(["ORIGINAL", "REPLY"]), help: "the packet's direction" },
  vmethod: { arg: choice(["GATE", "IPIP", "MASQ"]), help: "how IPVS forwards it", invertible: true },
  vportctl: {
    arg: servicePortOf,
    help: "port of the service's controlling connection, e.g. 21 for FTP",
    invertible: true,
  },
} as const;

export const ipvs = defineMatch({
  name: "ipvs",
  summary: "Connections of IP Virtual Server; IPVS itself is not modelled, so no packet has one",
  options,
  normalize(args) {
    // any other option implies --ipvs, which is then not printed (libxt_ipvs.c)
    const { ipvs: whole, ...others } = args;
    return whole && !whole.inverted && Object.keys(others).length > 0 ? others : args;
  },
  check(args) {
    const given = Object.keys(args);
    if (given.length === 0) return [missing("IPVS: At least one option is required")];
    if (!args.ipvs?.inverted || given.length === 1) return [];
    return [conflict("! --ipvs cannot be together with other options")];
  },
  meaning(args, { family }) {
    const key = optionText("ipvs", options, { ...args, ipvs: undefined }, family);
    const assumption = "IPVS is not modelled: no packet is taken to belong to one of its connections";
    return invertIf(
      args.ipvs?.inverted ?? false,
      told(key, () => undefined, false, assumption),
    );
  },
  examples: [
    {
      rule: "-m ipvs --ipvs --vaddr 192.0.2.0/24 --vproto tcp -j ACCEPT",
      saves: "-m ipvs --vproto 6 --vaddr 192.0.2.0/24 -j ACCEPT",
    },
    { rule: "-m ipvs ! --ipvs", saves: "=" },
    {
      rule: "-m ipvs --vmethod masq --vdir reply --vport http",
      saves: "-m ipvs --vport 80 --vdir REPLY --vmethod MASQ",
    },
    { rule: "-m ipvs --vdir both", refused: "bad-value" },
    { rule: "-m ipvs", refused: "option-missing" },
  ],
});
