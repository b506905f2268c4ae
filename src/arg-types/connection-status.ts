import { connectionStatus } from "../packet/connection.ts";
import { nameSet } from "./name-set.ts";

/** `--ctstatus`: bits of `connectionStatus`; NONE is no bit at all. */
export const ctstatusList = nameSet({
  names: {
    NONE: 0,
    EXPECTED: connectionStatus.expected,
    SEEN_REPLY: connectionStatus.seenReply,
    ASSURED: connectionStatus.assured,
    CONFIRMED: connectionStatus.confirmed,
  },
  placeholder: "status[,status...]",
  message: (text) => `Bad ctstatus "${text}"`,
});
