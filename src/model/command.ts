import type { TableName } from "../extensions/extension.ts";
import type { Counters, Rule } from "./ruleset.ts";

/** One iptables command, read. A list `-s a,b` gives several rules. */
export type Command = { readonly table: TableName } & (
  | { readonly kind: "append"; readonly chain: string; readonly rules: readonly Rule[] }
  | { readonly kind: "delete"; readonly chain: string; readonly rules: readonly Rule[] }
  | { readonly kind: "check"; readonly chain: string; readonly rules: readonly Rule[] }
  | {
      readonly kind: "insert";
      readonly chain: string;
      /** 1-based. */
      readonly number: number;
      readonly rules: readonly Rule[];
    }
  | { readonly kind: "replace"; readonly chain: string; readonly number: number; readonly rule: Rule }
  | { readonly kind: "delete-number"; readonly chain: string; readonly number: number }
  | { readonly kind: "list" | "list-rules"; readonly chain: string | undefined; readonly zero: boolean }
  | { readonly kind: "flush" | "delete-chain"; readonly chain: string | undefined }
  | { readonly kind: "zero"; readonly chain: string | undefined; readonly number: number | undefined }
  | { readonly kind: "new-chain"; readonly chain: string }
  | { readonly kind: "rename-chain"; readonly chain: string; readonly to: string }
  | {
      readonly kind: "policy";
      readonly chain: string;
      readonly policy: string;
      readonly counters: Counters | undefined;
    }
);
