import { EmbeddedActionsParser, type IToken } from "chevrotain";
import { LineToken } from "./line-token.ts";
import * as token from "./tokens.ts";

/** What a line of a save file is. `words` are the tokens behind the first `skip` ones. */
export type SaveLine =
  | { readonly kind: "blank" | "comment" | "commit" }
  | { readonly kind: "table"; readonly name: LineToken }
  | {
      readonly kind: "chain";
      readonly name: LineToken;
      readonly policy: LineToken;
      readonly counters: LineToken | undefined;
    }
  | { readonly kind: "rule"; readonly counters: LineToken | undefined };

export interface SimpleCommand {
  readonly assignments: LineToken[];
  readonly words: LineToken[];
  readonly redirections: { readonly operator: LineToken; readonly target: LineToken }[];
}

export interface Pipeline {
  /** What stands before it: nothing or `;`, `&&`, `||`. */
  joint: "always" | "and" | "or";
  readonly negated: boolean;
  readonly commands: SimpleCommand[];
}

/** One parse a line, no recovery, one token of lookahead: a line is right or it has one error, at one token. */
export class LineParser extends EmbeddedActionsParser {
  constructor() {
    super([...token.lineTokens], { maxLookahead: 1, recoveryEnabled: false, skipValidations: false });
    this.performSelfAnalysis();
  }

  /** A line of iptables-save output. */
  readonly saveLine = this.RULE("saveLine", (): SaveLine => {
    let line: SaveLine = blank;
    this.OPTION(() => {
      line = this.OR<SaveLine>([
        { ALT: () => this.SUBRULE(this.ruleLine) },
        { ALT: () => this.SUBRULE(this.chainLine) },
        { ALT: () => this.SUBRULE(this.tableLine) },
        {
          ALT: () => {
            this.CONSUME(token.Commit);
            return commit;
          },
        },
        {
          ALT: () => {
            this.CONSUME(token.Comment);
            return comment;
          },
        },
      ]);
    });
    return line;
  });

  /** `*filter`; iptables-restore passes over what stands behind the name. */
  readonly tableLine = this.RULE("tableLine", (): SaveLine => {
    this.CONSUME(token.TableMark);
    const name = own(this.CONSUME(token.Name));
    this.MANY(() => this.CONSUME1(token.Name));
    return { kind: "table", name };
  });

  /** `:INPUT ACCEPT [12:3456]`; what stands behind is passed over. */
  readonly chainLine = this.RULE("chainLine", (): SaveLine => {
    this.CONSUME(token.ChainMark);
    const name = own(this.CONSUME(token.Name));
    const policy = own(this.CONSUME1(token.Name));
    let counters: LineToken | undefined;
    this.OPTION(() => {
      counters = own(this.CONSUME(token.Counters));
    });
    this.MANY(() => this.CONSUME2(token.Name));
    return { kind: "chain", name, policy, counters };
  });

  /** `[1:40] -A INPUT -j ACCEPT` */
  readonly ruleLine = this.RULE("ruleLine", (): SaveLine => {
    let counters: LineToken | undefined;
    this.OPTION(() => {
      counters = own(this.CONSUME(token.Counters));
    });
    this.SUBRULE(this.commandLine);
    return { kind: "rule", counters };
  });

  /** What iptables gets in argv. Which arguments belong to which flag only the extensions know. */
  readonly commandLine = this.RULE("commandLine", () => {
    this.MANY(() => this.CONSUME(token.Bang));
    this.CONSUME(token.Flag);
    this.MANY1(() => this.CONSUME(token.Argument));
  });

  /** A statement of a script up to its `;` or the end of its line. */
  readonly statement = this.RULE("statement", (): Pipeline[] => {
    const pipelines: Pipeline[] = [];
    this.OPTION(() => {
      pipelines.push(this.SUBRULE(this.pipeline));
      this.MANY(() => {
        const joint = this.OR<Pipeline["joint"]>([
          {
            ALT: () => {
              this.CONSUME(token.AndIf);
              return "and";
            },
          },
          {
            ALT: () => {
              this.CONSUME(token.OrIf);
              return "or";
            },
          },
          {
            ALT: () => {
              this.CONSUME(token.Separator);
              return "always";
            },
          },
        ]);
        const next = this.SUBRULE1(this.pipeline);
        this.ACTION(() => {
          next.joint = joint;
        });
        pipelines.push(next);
      });
    });
    this.OPTION1(() => this.CONSUME(token.Comment));
    return pipelines;
  });

  readonly pipeline = this.RULE("pipeline", (): Pipeline => {
    let negated = false;
    this.OPTION(() => {
      this.CONSUME(token.Not);
      negated = true;
    });
    const commands: SimpleCommand[] = [];
    this.AT_LEAST_ONE_SEP({
      SEP: token.Pipe,
      DEF: () => {
        commands.push(this.SUBRULE(this.simpleCommand));
      },
    });
    return { joint: "always", negated, commands };
  });

  readonly simpleCommand = this.RULE("simpleCommand", (): SimpleCommand => {
    const command: SimpleCommand = { assignments: [], words: [], redirections: [] };
    this.AT_LEAST_ONE(() => {
      this.OR([
        {
          ALT: () => {
            command.assignments.push(own(this.CONSUME(token.Assignment)));
          },
        },
        {
          ALT: () => {
            command.words.push(own(this.CONSUME(token.ShellWord)));
          },
        },
        {
          ALT: () => {
            const operator = own(this.CONSUME(token.Redirection));
            command.redirections.push({ operator, target: own(this.CONSUME1(token.ShellWord)) });
          },
        },
      ]);
    });
    return command;
  });
}

const blank: SaveLine = { kind: "blank" };
const comment: SaveLine = { kind: "comment" };
const commit: SaveLine = { kind: "commit" };

const placeholder = new LineToken(token.Text, "", 0, 0);
/** Our lexers make no other tokens; chevrotain's own ones appear only while it records the grammar. */
const own = (consumed: IToken): LineToken => (consumed instanceof LineToken ? consumed : placeholder);

let parser: LineParser | undefined;
/** The one parser, built on first use: its self-analysis costs some 20 ms. */
export function lineParser(): LineParser {
  parser ??= new LineParser();
  return parser;
}
