import { type ArgType, bad, ok, type Result } from "./arg-type.ts";
import { hex } from "./mark.ts";
import { readNumber } from "./number.ts";
import { ownerOf } from "./option-message.ts";

export type U32Operator = "&" | "<<" | ">>" | "@";

/** One test: a walk to a 32-bit word of the packet and the values it may have. */
export interface U32Test {
  readonly start: number;
  readonly steps: readonly { readonly operator: U32Operator; readonly operand: number }[];
  readonly values: readonly (readonly [low: number, high: number])[];
}

/** XT_U32_MAXSIZE: the most numbers of a location, ranges of a test and tests. */
const most = 10;
const maxWord = 0xffffffff;

/** Where reading went wrong; `at` is an offset into the text. */
class Fault {
  readonly message: string;
  constructor(message: string, at?: number) {
    this.message = at === undefined ? message : `at char ${at}: ${message}`;
  }
}

/** Reads one expression from the left, as libxt_u32's u32_parse does. */
class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  tests(): readonly U32Test[] | Fault {
    const tests: U32Test[] = [];
    for (;;) {
      const test = this.#test();
      if (test instanceof Fault) return test;
      if (tests.length === most) return new Fault('too many "&&"s', this.#at);
      tests.push(test);
      if (this.#peek() === "") return tests;
      // u32_parse has stopped at the first `&`
      this.#at++;
      if (this.#text[this.#at] !== "&") return new Fault("a second '&' was expected", this.#at);
      this.#at++;
    }
  }

  #peek(): string {
    while (/\s/.test(this.#text[this.#at] ?? "")) this.#at++;
    return this.#text[this.#at] ?? "";
  }

  #number(): number | Fault {
    this.#peek();
    const read = readNumber(this.#text.slice(this.#at), 0, maxWord);
    if (!read) return new Fault("not a number or out of range", this.#at);
    this.#at = this.#text.length - read.rest.length;
    return read.value;
  }

  #test(): U32Test | Fault {
    if (this.#peek() === "") return new Fault("abrupt end of input after location specifier");
    const start = this.#number();
    if (start instanceof Fault) return start;
    const steps: { operator: U32Operator; operand: number }[] = [];
    for (let next = this.#peek(); next !== "="; next = this.#peek()) {
      if (next === "") return new Fault("abrupt end of input after location specifier");
      const operator = this.#operator(next);
      if (operator instanceof Fault) return operator;
      const operand = this.#number();
      if (operand instanceof Fault) return operand;
      if (steps.length + 1 === most) return new Fault("too many operators", this.#at);
      steps.push({ operator, operand });
    }
    this.#at++;
    const values = this.#values();
    return values instanceof Fault ? values : { start, steps, values };
  }

  #operator(first: string): U32Operator | Fault {
    if (first !== "&" && first !== "<" && first !== ">" && first !== "@") {
      return new Fault("operator expected", this.#at);
    }
    this.#at++;
    if (first === "&" || first === "@") return first;
    if (this.#text[this.#at] !== first) return new Fault(`a second '${first}' was expected`, this.#at);
    this.#at++;
    return first === "<" ? "<<" : ">>";
  }

  #values(): U32Test["values"] | Fault {
    const values: (readonly [number, number])[] = [];
    for (;;) {
      const low = this.#number();
      if (low instanceof Fault) return low;
      let high: number | Fault = low;
      if (this.#peek() === ":") {
        this.#at++;
        high = this.#number();
        if (high instanceof Fault) return high;
      }
      if (values.length === most) return new Fault('too many ","s', this.#at);
      values.push([low, high]);
      const next = this.#peek();
      if (next === "" || next === "&") return values;
      if (next !== ",") return new Fault('expected "," or "&&"', this.#at);
      this.#at++;
    }
  }
}

const printTest = ({ start, steps, values }: U32Test): string =>
  `${hex(start)}${steps.map(({ operator, operand }) => operator + hex(operand)).join("")}=${values
    .map(([low, high]) => (low === high ? hex(low) : `${hex(low)}:${hex(high)}`))
    .join(",")}`;

/** `location=values&&…`, quoted as iptables-save does (libxt_u32). */
export const u32Tests: ArgType<readonly U32Test[]> = {
  placeholder: "tests",
  words: 1,
  parse([text = ""], site): Result<readonly U32Test[]> {
    const read = new Reader(text).tests();
    return read instanceof Fault ? bad(`${ownerOf(site)}${read.message}`) : ok(read);
  },
  print: (tests) => `"${tests.map(printTest).join("&&")}"`,
  samples: [
    [{ start: 6, steps: [{ operator: "&", operand: 0xff }], values: [[6, 6]] }],
    [
      {
        start: 0,
        steps: [
          { operator: ">>", operand: 22 },
          { operator: "&", operand: 0x3c },
          { operator: "@", operand: 4 },
          { operator: "<<", operand: 1 },
        ],
        values: [
          [0, 3],
          [9, 9],
        ],
      },
      { start: 0, steps: [], values: [[5, 3]] },
    ],
  ],
};
