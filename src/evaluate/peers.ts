import { LRUCache } from "lru-cache";
import { jiffiesAt } from "../extensions/jiffies.ts";
import type { Address } from "../packet/address.ts";

/** Seconds of credit that a peer has at most, and what an error about a missing route costs (ip_rt_error_burst, ip_rt_error_cost). */
const burst = 5;
const cost = 1;

/** Seconds to wait after the first redirect, twice as long after each further one (ip_rt_redirect_load). */
const redirectPause = 0.02;
/** A peer that goes on as before is told no more than so often (ip_rt_redirect_number). */
const mostRedirects = 9;
/** Seconds of silence after which a peer is taken to have forgotten (ip_rt_redirect_silence). */
const silence = redirectPause * 2 ** 10;

/** XRLIM_BURST_FACTOR. */
const errorBurst = 6;

/** How long ago a peer that was never seen is taken to have been told something: all is allowed. */
const longAgo = 60;

interface Peer {
  /** Seconds of credit. */
  tokens: number;
  last: number;
  redirects: number;
}

/** Peers that are remembered; a guard of memory, Linux forgets by age. */
const mostPeers = 65536;

/**
 * What the host remembers of those whose packets it gets (struct inet_peer): how often it may tell them that there is no
 * way, or a better one, and how often it may send them ICMP errors at all. All share one credit and one clock.
 */
export class Peers {
  /** Made for the first peer: it takes room for all, and most machines that are made for one packet ask of none. */
  private remembered: LRUCache<Address, Peer> | undefined;

  private get peers(): LRUCache<Address, Peer> {
    this.remembered ??= new LRUCache<Address, Peer>({ max: mostPeers });
    return this.remembered;
  }

  private peer(source: Address, now: number): Peer {
    const known = this.peers.get(source);
    if (known) return known;
    const peer = { tokens: 0, last: now - longAgo, redirects: 0 };
    this.peers.set(source, peer);
    return peer;
  }

  /** Whether the error may be sent now (seconds since 1970); if so, it is counted (ip_error, net/ipv4/route.c). */
  allowsRouteError(source: Address, now: number): boolean {
    const peer = this.peer(source, now);
    peer.tokens = Math.min(burst, peer.tokens + now - peer.last);
    peer.last = now;
    if (peer.tokens < cost) return false;
    peer.tokens -= cost;
    return true;
  }

  /**
   * Whether an ICMP error, or a redirect of IPv6, may be sent to this peer (inet_peer_xrlim_allow, net/ipv4/inetpeer.c): six
   * at once, then one each `period` seconds. With a period of 0 all may, and leave no credit for what is limited. What was
   * counted in the same tick is not counted anew.
   */
  allowsError(address: Address, now: number, period: number): boolean {
    const peer = this.peer(address, now);
    if (jiffiesAt(now) !== jiffiesAt(peer.last)) {
      peer.tokens = Math.min(errorBurst * period, peer.tokens + now - peer.last);
      peer.last = now;
    }
    if (peer.tokens < period) return false;
    peer.tokens -= period;
    return true;
  }

  /** The same for a redirect of IPv4 (ip_rt_send_redirect). */
  allowsRedirect(source: Address, now: number): boolean {
    const peer = this.peer(source, now);
    if (now > peer.last + silence) {
      peer.tokens = 0;
      peer.redirects = 0;
    }
    if (peer.redirects >= mostRedirects) {
      peer.last = now;
      return false;
    }
    if (peer.redirects > 0 && now <= peer.last + redirectPause * 2 ** peer.redirects) return false;
    peer.last = now;
    peer.redirects++;
    return true;
  }
}
