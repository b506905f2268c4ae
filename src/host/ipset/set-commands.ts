import { complain } from "./complaint.ts";
import { IpSet } from "./ip-set.ts";
import type { LineWord } from "./line-words.ts";
import { OptionWords } from "./option-words.ts";
import { readOptions } from "./read-create.ts";
import { readElements } from "./read-element.ts";
import { readEntryWords } from "./read-entry.ts";
import { setTypesByName } from "./set-type.ts";

/** Bytes of a set's name (IPSET_MAXNAMELEN - 1). */
export const maxNameLength = 31;
/** Elements that one line may stand for here; ipset itself goes on until the set is full. */
const maxElements = 2 ** 20;

/** The sets that commands made so far, and how each command changes them. */
export class SetCommands {
  readonly sets = new Map<string, IpSet>();

  create([name, type, ...words]: readonly LineWord[], exist: boolean): void {
    if (!name || !type) complain("Missing mandatory argument to command create");
    if (new TextEncoder().encode(name.text).length > maxNameLength) {
      complain(`setname '${name.text}' is longer than ${maxNameLength} characters`, name.span);
    }
    const known = setTypesByName.get(type.text);
    if (!known) complain(`typename '${type.text}' is unknown`, type.span);
    const options = readOptions(known, new OptionWords(words));
    const before = this.sets.get(name.text);
    if (!before) {
      this.sets.set(name.text, new IpSet(name.text, known, options));
      return;
    }
    const same = before.type === known && JSON.stringify(comparable(before)) === JSON.stringify(options);
    if (!exist || !same) {
      complain("Set cannot be created: set with the same name already exists", name.span);
    }
  }

  add(words: readonly LineWord[], exist: boolean): void {
    const { set, elements, entry } = this.#entry("add", words);
    const at = set.type.storage === "list" ? this.#listPlace(set, words, entry.place) : undefined;
    let count = 0;
    for (const element of elements) {
      if (++count > maxElements) complain(`the line stands for more than ${maxElements} elements`);
      const added = set.add(set.elementOf(element), entry.extensions, 0, exist, at);
      if (added === "full") complain("Hash is full, cannot add more elements");
      if (added === "exists") complain("Element cannot be added to the set: it's already added");
    }
  }

  delete(words: readonly LineWord[], exist: boolean): void {
    const { set, elements } = this.#entry("del", words);
    for (const element of elements) {
      if (!set.remove(set.elementOf(element), 0) && !exist) {
        complain("Element cannot be deleted from the set: it's not added");
      }
    }
  }

  flush([name]: readonly LineWord[]): void {
    for (const set of name ? [this.#set(name)] : this.sets.values()) set.flush();
  }

  destroy([name]: readonly LineWord[]): void {
    if (!name) {
      this.sets.clear();
      return;
    }
    this.#set(name);
    if (this.#listsOf(name.text).length > 0) {
      complain("Set cannot be destroyed: it is in use by a kernel component", name.span);
    }
    this.sets.delete(name.text);
  }

  rename([from, to]: readonly LineWord[]): void {
    if (!from || !to) complain("Missing mandatory argument to command rename");
    const set = this.#set(from);
    if (this.sets.has(to.text)) {
      complain("Set cannot be renamed: a set with the new name already exists", to.span);
    }
    if (this.#listsOf(from.text).length > 0) {
      complain("Set cannot be renamed: it is in use by another system", from.span);
    }
    this.sets.delete(from.text);
    set.name = to.text;
    this.sets.set(to.text, set);
  }

  swap([from, to]: readonly LineWord[]): void {
    if (!from || !to) complain("Missing mandatory argument to command swap");
    const [one, other] = [this.#set(from), this.#set(to)];
    if (one.type !== other.type || one.options.family !== other.options.family) {
      complain("The sets cannot be swapped: their type does not match", to.span);
    }
    one.name = to.text;
    other.name = from.text;
    this.sets.set(to.text, one);
    this.sets.set(from.text, other);
  }

  #set(name: LineWord): IpSet {
    return this.sets.get(name.text) ?? complain("The set with the given name does not exist", name.span);
  }

  #entry(command: string, [name, element, ...words]: readonly LineWord[]) {
    if (!name || !element) complain(`Missing mandatory argument to command ${command}`);
    const set = this.#set(name);
    const entry = readEntryWords(set, new OptionWords(words));
    if (set.type.storage === "list" && command === "add") this.#checkMember(element);
    return { set, entry, elements: readElements(element.text, set, entry.wildcard) };
  }

  #checkMember(element: LineWord): void {
    const member = this.sets.get(element.text);
    if (!member) complain("Set to be added/deleted/tested as element does not exist.", element.span);
    if (member.type.storage === "list") {
      complain("Sets with list:set type cannot be added to the set.", element.span);
    }
  }

  #listPlace(
    set: IpSet,
    [, element]: readonly LineWord[],
    place: { readonly where: "before" | "after"; readonly name: LineWord } | undefined,
  ): number | undefined {
    if (!place) return undefined;
    const at = set.members.indexOf(place.name.text);
    if (at < 0 || place.name.text === element?.text) {
      complain("Sets before/after which set must be added does not exist in the list.", place.name.span);
    }
    return place.where === "before" ? at : at + 1;
  }

  /** The lists that have a set for their member. */
  #listsOf(name: string): readonly IpSet[] {
    return [...this.sets.values()].filter(({ members }) => members.includes(name));
  }
}

const comparable = ({ options }: IpSet) => options;
