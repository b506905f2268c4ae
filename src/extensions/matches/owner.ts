import { flag } from "../../arg-types/arg-type.ts";
import { type IdRange, idRange } from "../../arg-types/id-range.ts";
import { and, type Formula, inRanges, invertIf, never, not, or, unknown } from "../../formula/formula.ts";
import { type Field, fields } from "../../packet/fields.ts";
import { kernelSocket } from "../../packet/packet.ts";
import { type Arg, defineMatch, type Problem } from "../extension.ts";
import { kernelRefuses, missing } from "../problem.ts";

const hasSocket = inRanges(fields.ownerUid, [[0, kernelSocket.uid]]);

const within = (field: Field, ids: IdRange): Formula =>
  "name" in ids ? unknown(`the number of \`${ids.name}\` is not known`) : inRanges(field, [ids]);

function badRange(option: string, arg: Arg<IdRange> | undefined): readonly Problem[] {
  if (!arg || "name" in arg.value || arg.value[0] <= arg.value[1]) return [];
  return [kernelRefuses("the range of ids is reversed", { option })];
}

export const owner = defineMatch({
  name: "owner",
  summary: "Who sent a packet of this host's own",
  validIn: { hooks: ["OUTPUT", "POSTROUTING"] },
  options: {
    "socket-exists": { arg: flag, help: "the packet comes from a socket", invertible: true },
    "uid-owner": { arg: idRange, help: "user of the socket's file", invertible: true },
    "gid-owner": { arg: idRange, help: "group of the socket's file", invertible: true },
    "suppl-groups": { arg: flag, help: "look at the user's further groups, too" },
  },
  check(args) {
    const { "uid-owner": uid, "gid-owner": gid, "socket-exists": socket } = args;
    const given = Object.keys(args);
    if (args["suppl-groups"] && !(gid && given.indexOf("gid-owner") < given.indexOf("suppl-groups"))) {
      const message = 'owner: Bad value for "--suppl-groups" option: "you need to use --gid-owner first"';
      return [missing(message, { option: "suppl-groups" })];
    }
    if (!uid && !gid && !socket) {
      return [missing("owner: At least one of --uid-owner, --gid-owner or --socket-exists is required")];
    }
    return [...badRange("uid-owner", uid), ...badRange("gid-owner", gid)];
  },
  meaning(args) {
    const { "uid-owner": uid, "gid-owner": gid, "socket-exists": socket } = args;
    const conditions: Formula[] = [];
    if (socket?.inverted) conditions.push(never);
    if (uid) conditions.push(invertIf(uid.inverted, within(fields.ownerUid, uid.value)));
    if (gid) {
      const primary = within(fields.ownerGid, gid.value);
      const group = args["suppl-groups"]
        ? or(primary, unknown("the sender's supplementary groups are not known"))
        : primary;
      conditions.push(invertIf(gid.inverted, group));
    }
    const ofSocket = and(hasSocket, ...conditions);
    // owner_mt: where there is no socket, exactly the rules match that invert all they ask
    const allInverted = [uid, gid, socket].every((arg) => arg === undefined || arg.inverted);
    return allInverted ? or(not(hasSocket), ofSocket) : ofSocket;
  },
  examples: [
    {
      rule: "-m owner --uid-owner root -j ACCEPT",
      at: "filter/OUTPUT",
      saves: "-m owner --uid-owner 0 -j ACCEPT",
    },
    {
      rule: "-m owner ! --gid-owner 5-9 --socket-exists",
      at: "filter/OUTPUT",
      saves: "-m owner --socket-exists ! --gid-owner 5-9",
    },
    { rule: "-m owner --uid-owner www-data", at: "filter/OUTPUT", saves: "=" },
    { rule: "-m owner --uid-owner 1-", at: "filter/OUTPUT", refused: "bad-value" },
    { rule: "-m owner --uid-owner 9-5", at: "filter/OUTPUT", refused: "kernel-refuses" },
    { rule: "-m owner --suppl-groups", at: "filter/OUTPUT", refused: "option-missing" },
    { rule: "-m owner --uid-owner 0", at: "filter/INPUT", refused: "wrong-place" },
  ],
});
