import type { Rule } from "../model/ruleset.ts";

/**
 * Numbers for the times that one packet may come to a chain: by which hook, and by which jumps. What has a memory may answer
 * differently each time; rule sets that are compared share rules, and so the numbers.
 */
export class Visits {
  private readonly rules = new Map<Rule, number>();
  private readonly numbers = new Map<string, number>();

  /** The first visit of a table at a hook. */
  at(place: string): number {
    return this.number(place);
  }

  /** The visit that a rule's jump makes during another one. */
  through(rule: Rule, during: number): number {
    const known = this.rules.get(rule) ?? this.rules.size;
    this.rules.set(rule, known);
    return this.number(`${during} ${known}`);
  }

  /** The visit that a jump of this text makes, which two chains may have. */
  throughText(text: string, during: number): number {
    return this.number(`${during} ${text}`);
  }

  private number(key: string): number {
    const number = this.numbers.get(key) ?? this.numbers.size + 1;
    this.numbers.set(key, number);
    return number;
  }
}
