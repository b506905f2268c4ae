import type { Entry } from "../entry.ts";
import { FtpState } from "./ftp.ts";

/** From now on this helper reads what the connection carries. Helpers that are not modelled have their name only. */
export function assignHelper(entry: Entry, helper: string): void {
  const rare = entry.makeRare();
  rare.helper = helper;
  if (helper === "ftp") rare.ftp = new FtpState();
}
