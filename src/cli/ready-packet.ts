import type { RunOptions } from "../evaluate/machine.ts";

/** A packet and how it reaches the machine. */
export type ReadyPacket =
  | { readonly kind: "frame"; readonly device: string; readonly frame: Uint8Array }
  /** An IP packet that a neighbour sends to an interface of the host. */
  | {
      readonly kind: "arriving";
      readonly device: string;
      readonly bytes: Uint8Array;
      readonly sourceMac: Uint8Array | undefined;
      readonly options: RunOptions;
    }
  /** An IP packet that the host itself sends. */
  | { readonly kind: "local"; readonly bytes: Uint8Array; readonly options: RunOptions };
