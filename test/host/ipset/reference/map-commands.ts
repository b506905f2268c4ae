import { Complaint, complain } from "../../../../src/host/ipset/complaint.ts";
import { type LineWord, lineWords } from "../../../../src/host/ipset/line-words.ts";
import { OptionWords } from "../../../../src/host/ipset/option-words.ts";
import { readOptions } from "../../../../src/host/ipset/read-create.ts";
import { readElements } from "../../../../src/host/ipset/read-element.ts";
import { readEntryWords } from "../../../../src/host/ipset/read-entry.ts";
import { setTypesByName } from "../../../../src/host/ipset/set-type.ts";
import { MapSet } from "./map-set.ts";

/** What `create`, `add`, `del`, `flush`, `swap` and `rename` do to `MapSet`s. */
export class MapCommands {
  readonly sets = new Map<string, MapSet>();

  /** Runs a line; false where it is refused. */
  run(line: string): boolean {
    const words = lineWords(line, 0);
    const [command, name, other, ...rest] = words.filter(({ text }) => text !== "-exist");
    const exist = words.some(({ text }) => text === "-exist");
    try {
      this.#run(command?.text, name?.text ?? "", other?.text ?? "", rest, exist);
    } catch (error) {
      if (!(error instanceof Complaint)) throw error;
      return false;
    }
    return true;
  }

  #run(
    command: string | undefined,
    name: string,
    other: string,
    rest: readonly LineWord[],
    exist: boolean,
  ): void {
    if (command === "create") {
      const type = setTypesByName.get(other) ?? complain("type");
      this.sets.set(name, new MapSet(name, type, readOptions(type, new OptionWords(rest))));
      return;
    }
    const set = this.sets.get(name) ?? complain("no such set");
    if (command === "flush") set.flush();
    else if (command === "swap") this.#swap(set, this.sets.get(other) ?? complain("no such set"));
    else if (command === "rename") this.#rename(set, other);
    else if (command === "add") this.#add(set, other, rest, exist);
    else {
      for (const element of readElements(other, set, false)) {
        if (!set.remove(element, 0) && !exist) complain("not there");
      }
    }
  }

  #add(set: MapSet, element: string, words: readonly LineWord[], exist: boolean): void {
    const { extensions, wildcard, place } = readEntryWords(set, new OptionWords(words));
    const member = this.sets.get(element)?.type.storage ?? "list";
    if (set.type.storage === "list" && member === "list") complain("no member");
    const names = set.entries.map(({ parts: [part] }) => (part?.kind === "set" ? part.name : ""));
    const near = place ? names.indexOf(place.name.text) : 0;
    if (near < 0 || place?.name.text === element) complain("no such place");
    const at = place ? near + (place.where === "before" ? 0 : 1) : undefined;
    for (const parts of readElements(element, set, wildcard)) {
      const added = set.add(parts, extensions, 0, exist, at);
      if (added === "full" || added === "exists") complain(added);
    }
  }

  #swap(one: MapSet, other: MapSet): void {
    if (one.type !== other.type || one.options.family !== other.options.family) complain("types");
    const { name } = one;
    one.name = other.name;
    other.name = name;
    this.sets.set(one.name, one);
    this.sets.set(other.name, other);
  }

  #rename(set: MapSet, name: string): void {
    const isMember = [...this.sets.values()].some(({ entries }) =>
      entries.some(({ parts: [part] }) => part?.kind === "set" && part.name === set.name),
    );
    if (isMember || this.sets.has(name)) complain("in use");
    this.sets.delete(set.name);
    set.name = name;
    this.sets.set(name, set);
  }
}
