import type { SetDirection, SetReference } from "../packet/host-sets.ts";
import { type ArgSite, type ArgType, bad, ok, type Result } from "./arg-type.ts";

/** Bytes of a set's name (IPSET_MAXNAMELEN - 1). */
const maxName = 31;
/** IPSET_DIM_MAX. */
const maxDirections = 6;
const families = { ipv4: "IPv4", ipv6: "IPv6" } as const;

function parseDirections(text: string): Result<readonly SetDirection[]> {
  const directions: SetDirection[] = [];
  // what stands behind a direction and is no comma ends the list without a word
  for (let rest: string | undefined = text; rest !== undefined; ) {
    if (directions.length === maxDirections) {
      return bad(`Can't be more src/dst options than ${maxDirections}.`);
    }
    const word = rest.slice(0, 3);
    if (word !== "src" && word !== "dst") {
      return bad(
        "You must spefify (the comma separated list of) 'src' or 'dst'.",
        "for each dimension of the set say whose address or port it is: `src` or `dst`",
      );
    }
    directions.push(word);
    rest = rest[3] === "," ? rest.slice(4) : undefined;
  }
  return ok(directions);
}

/** get_set_byname: what iptables finds wrong with a set's name; nothing where it is not known which sets there are. */
function checkName(name: string, { sets, family }: ArgSite): Result<string> {
  if (new TextEncoder().encode(name).length > maxName) {
    return bad(`setname \`${name}' too long, max ${maxName} characters.`);
  }
  if (!sets) return ok(name);
  if (!sets.has(name)) return bad(`Set ${name} doesn't exist.`);
  const own = sets.get(name);
  if (own === undefined || own === family) return ok(name);
  return bad(`The protocol family of set ${name} is ${families[own]}, which is not applicable.`);
}

/** `name src,dst`: a set, and for each dimension the end of the packet that it is taken from (libxt_set.h). */
export const setReference: ArgType<SetReference> = {
  placeholder: "name src|dst[,src|dst…]",
  words: 2,
  parse([nameText = "", directionText], site) {
    if (directionText === undefined) return bad(`--${site.option ?? "match-set"} requires two args.`);
    const name = checkName(nameText, site);
    if (!name.ok) return name;
    const directions = parseDirections(directionText);
    return directions.ok ? ok({ name: name.value, directions: directions.value }) : directions;
  },
  print: ({ name, directions }) => `${name} ${directions.join(",")}`,
  samples: [
    { name: "hosts", directions: ["src"] },
    { name: "a#b", directions: ["dst", "src", "dst"] },
  ],
};
