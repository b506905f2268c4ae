/**
 * Packets that come back to the host over loopback, or as copies of what it sends to a group. Linux takes them up when it is
 * done with what it has in hand (netif_rx and process_backlog, net/core/dev.c): a received packet's whole way, and of a
 * packet that a process sends the walk through one table of iptables-legacy (ipt_do_table turns softirqs off).
 */
export class Backlog {
  private depth = 0;
  private readonly waiting: (() => void)[] = [];

  /** From here to `release` something is in hand; there may be more around it. */
  hold(): void {
    this.depth++;
  }

  /** Takes up what waits, unless there is more in hand. */
  release(): void {
    if (this.depth === 1) this.catchUp();
    this.depth--;
  }

  /** Takes a packet up: at once where nothing is in hand. */
  add(work: () => void): void {
    this.waiting.push(work);
    this.hold();
    this.release();
  }

  private catchUp(): void {
    for (let next = this.waiting.shift(); next; next = this.waiting.shift()) next();
  }
}
