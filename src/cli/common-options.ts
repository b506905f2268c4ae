import { type Command, Option } from "commander";
import type { Family } from "../packet/address.ts";
import { type ColourChoice, colourChoices } from "./colour.ts";

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

export const withFormat = (command: Command): Command =>
  command.addOption(
    new Option("--format <format>", "how to print the result").choices(["text", "json"]).default("text"),
  );

export const withFamily = (command: Command): Command =>
  command
    .addOption(new Option("-4", "the rules are IPv4 (guessed from name and text unless told)").conflicts("6"))
    .addOption(new Option("-6", "the rules are IPv6").conflicts("4"));

export const toldFamily = (options: FamilyOptions): Family | undefined =>
  options["4"] ? "ipv4" : options["6"] ? "ipv6" : undefined;
