import type { Host } from "../../host/host.ts";
import { HostBehind } from "../../host/host-behind.ts";

/** One machine, one host after the other: each story has a host of its own. */
export class HostInTurn extends HostBehind {
  set current(host: Host) {
    this.behind = host;
  }
}
