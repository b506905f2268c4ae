import type { IpSet } from "./ip-set.ts";
import { hostPrefix } from "./part.ts";
import { PlainText } from "./plain-text.ts";
import { maxTimeout } from "./read-create.ts";
import { maxCounter } from "./read-entry.ts";
import { type EntryExtensions, plainEntry } from "./set-entry.ts";
import { hasNets, type PartKind } from "./set-type.ts";

const [space, comma, dash, slash] = [32, 44, 45, 47];
const [tcp, udp] = [6, 17];
/** A name that is one word, and no switch. */
const plainName = /^[!#-,.-~][!#-~]*$/;

/**
 * Adds elements of lines that are written the way `ipset save` writes them: addresses, networks and ports of hashes, with
 * time, counters, comment and `nomatch`. Everything else, and all that has anything to be said about, is left to the full
 * reader. Law: where it adds an element, the full reader adds the same one and has nothing to say.
 */
export class QuickAdder {
  readonly #sets: ReadonlyMap<string, IpSet>;
  readonly #in: PlainText;
  /** The name of the last line's set: most lines have the same one as the line above. */
  #name = "";

  constructor(text: string, sets: ReadonlyMap<string, IpSet>) {
    this.#in = new PlainText(text);
    this.#sets = sets;
  }

  /** Adds what the line from `start` to `end` names, line end left out; false where nothing was done. */
  add(start: number, end: number): boolean {
    const text = this.#in;
    text.at = start;
    text.end = end;
    if (!text.skipWord("add ")) return false;
    const set = this.#set();
    if (set?.type.storage !== "hash" || !this.#element(set)) return false;
    const extensions = this.#extensions(set);
    if (extensions === undefined) return false;
    const added = set.add(set.element, extensions, 0, false);
    return added === "added" || added === "evicted";
  }

  #set(): IpSet | undefined {
    const { text, at } = this.#in;
    const next = at + this.#name.length;
    if (this.#name === "" || text.charCodeAt(next) !== space || !text.startsWith(this.#name, at)) {
      const name = text.slice(at, text.indexOf(" ", at));
      if (!plainName.test(name)) return undefined;
      this.#name = name;
    }
    this.#in.at += this.#name.length + 1;
    return this.#sets.get(this.#name);
  }

  #element(set: IpSet): boolean {
    const { places } = set.layout;
    for (let index = 0; index < places.length; index++) {
      if (index > 0 && !this.#in.skip(comma)) return false;
      const { kind, at } = places[index]!;
      if (!this.#part(set, kind, at)) return false;
    }
    return true;
  }

  #part(set: IpSet, kind: PartKind, at: number): boolean {
    const { layout, element, maskWords } = set;
    switch (kind) {
      case "ip":
        if (!this.#address(set, at) || (set.type.noZero && layout.isZero(element, at))) return false;
        if (maskWords) layout.mask(element, at, maskWords);
        return true;
      case "net": {
        if (!this.#address(set, at)) return false;
        const longest = hostPrefix(set.options.family);
        const prefix = this.#in.skip(slash) ? this.#in.number(longest) : longest;
        if (prefix < 1) return false;
        layout.narrow(element, at, prefix, element);
        return true;
      }
      case "port": {
        const protocol = this.#in.skipWord("tcp:") ? tcp : this.#in.skipWord("udp:") ? udp : undefined;
        const port = protocol === undefined ? -1 : this.#in.number(65535);
        if (protocol === undefined || port < 0) return false;
        element[at] = (protocol << 16) | port;
        return true;
      }
      default:
        return false;
    }
  }

  #address({ layout, element }: IpSet, at: number): boolean {
    return layout.addressWords === 1 ? this.#in.ipv4(element, at) : this.#in.ipv6(element, at);
  }

  /** What stands behind the element. */
  #extensions({ type, options }: IpSet): EntryExtensions | undefined {
    const text = this.#in;
    let { timeout = 0 } = options;
    const { mark, markMask, priority, queue } = plainEntry;
    let { packets, bytes, comment, nomatch } = plainEntry;
    while (!text.done) {
      if (!text.skip(space)) return undefined;
      if (options.timeout !== undefined && text.skipWord("timeout ")) timeout = text.number(maxTimeout);
      else if (options.counters && text.skipWord("packets ")) packets = text.number(maxCounter);
      else if (options.counters && text.skipWord("bytes ")) bytes = text.number(maxCounter);
      else if (options.comment && text.skipWord('comment "')) {
        comment = this.#quoted();
        if (comment === undefined) return undefined;
      } else if (hasNets(type) && text.skipWord("nomatch")) nomatch = true;
      else return undefined;
    }
    if (timeout < 0 || (packets ?? 0) < 0 || (bytes ?? 0) < 0) return undefined;
    return { timeout, packets, bytes, comment, nomatch, mark, markMask, priority, queue };
  }

  /** What stands up to the quote that ends it. What begins with a dash could be a switch, which counts anywhere. */
  #quoted(): string | undefined {
    const { text, at, end } = this.#in;
    const close = text.indexOf('"', at);
    if (close <= at || close >= end || text.charCodeAt(at) === dash) return undefined;
    this.#in.at = close + 1;
    return text.slice(at, close);
  }
}
