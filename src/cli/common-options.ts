import { type Command, Option } from "commander";
import type { Backend } from "../model/hooks.ts";
import type { Family } from "../packet/address.ts";
import { type ColourChoice, colourChoices } from "./colour.ts";
import { parseMoment } from "./time.ts";

export type Format = "text" | "json";

/** What the options below give; each command lists the ones that it has. */
export interface FamilyOptions {
  readonly "4"?: true;
  readonly "6"?: true;
}

export interface OutputOptions {
  readonly format: Format;
  readonly color: ColourChoice;
}

export const withColour = (command: Command): Command =>
  command.addOption(new Option("--color <when>", "colour the output").choices(colourChoices).default("auto"));

/** The first format is the usual one. */
export const formatOption = (formats: readonly string[], help = "how to print the result"): Option =>
  new Option("--format <format>", help).choices(formats).default(formats[0]);

export const withFormat = (command: Command): Command => command.addOption(formatOption(["text", "json"]));

export const withFamily = (command: Command): Command =>
  command
    .addOption(new Option("-4", "the rules are IPv4 (guessed from name and text unless told)").conflicts("6"))
    .addOption(new Option("-6", "the rules are IPv6").conflicts("4"));

export interface BackendOptions {
  readonly backend: Backend;
}

export const backendOption = (help = "whose rules they are: iptables-legacy or iptables-nft"): Option =>
  new Option("--backend <backend>", help)
    .choices(["legacy", "nft"] satisfies readonly Backend[])
    .default("legacy");

export interface NowOptions {
  /** In seconds since 1970. */
  readonly now?: number;
}

/** `what` is that which happens at that time. */
export const nowOption = (what: string): Option =>
  new Option(
    "--now <time>",
    `${what}: ISO 8601 or seconds since 1970; the present time unless told`,
  ).argParser(parseMoment);

export const toldFamily = (options: FamilyOptions): Family | undefined =>
  options["4"] ? "ipv4" : options["6"] ? "ipv6" : undefined;
