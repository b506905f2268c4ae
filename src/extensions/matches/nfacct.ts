import { bad } from "../../arg-types/arg-type.ts";
import { quotedString } from "../../arg-types/quoted-string.ts";
import { defineMatch } from "../extension.ts";
import { told } from "../told.ts";

const longest = 31;
const name = quotedString("name", longest);

export const nfacct = defineMatch({
  name: "nfacct",
  summary:
    "Counts the packet in an accounting object of nfacct(8), and matches unless its quota is not used up yet",
  options: {
    "nfacct-name": {
      arg: {
        placeholder: name.placeholder,
        words: 1,
        parse: (words, site) =>
          words[0] === ""
            ? bad("Argument must have a minimum length of 1 characters")
            : name.parse(words, site),
        // libxt_nfacct.c writes a blank of its own
        print: (value, site) => ` ${name.print(value, site)}`,
        samples: name.samples.filter((sample) => sample !== ""),
      },
      help: "the object, which must exist when the rule is loaded",
      required: true,
    },
  },
  meaning: ({ "nfacct-name": { value } }) =>
    told(
      `${value} of nfacct has no quota, or has used it up`,
      () => undefined,
      true,
      `the accounting object ${value} is taken to be without quota: it matches every packet`,
    ),
  examples: [
    { rule: "-m nfacct --nfacct-name web -j ACCEPT", saves: "-m nfacct --nfacct-name  web -j ACCEPT" },
    { rule: "-m nfacct ! --nfacct-name web", refused: "not-invertible" },
    { rule: "-m nfacct", refused: "option-missing" },
  ],
});
