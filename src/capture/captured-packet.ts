import type { Address } from "../packet/address.ts";

/** What a capture says of an interface that it was taken on. */
export interface CaptureInterface {
  /** A LINKTYPE_ number, as tcpdump.org/linktypes.html lists them. */
  readonly linkType: number;
  /** Only pcapng can say these. */
  readonly name?: string;
  readonly mac?: Uint8Array;
  readonly addresses?: readonly Address[];
}

export interface CapturedPacket {
  /** Seconds since 1970. */
  readonly at: number;
  readonly source: CaptureInterface;
  /** What was kept, link header first: a view that is good until the next chunk is read. */
  readonly bytes: Uint8Array;
  /** Bytes on the wire; more than `bytes` has where the snaplen cut the packet. */
  readonly originalLength: number;
  /** What the capturing program said of the direction (pcapng's epb_flags). */
  readonly direction: "inbound" | "outbound" | undefined;
  /** Where the packet's record begins in the capture, in bytes. */
  readonly offset: number;
}

/** What is wrong with a capture, and where. */
export interface CaptureProblem {
  readonly code: "not-a-capture" | "cut-off" | "bad-record" | "unsupported";
  /** Bytes from the start of the capture (of what a compressed one unpacks to). */
  readonly offset: number;
  /** One lower-case sentence without a full stop. */
  readonly message: string;
}

/** Gives packets one by one: a list of a chunk's packets would live long enough to be copied by the garbage collector. */
export interface PacketSource {
  /** `undefined` where there is no further one for now. */
  next(): CapturedPacket | undefined;
}

/** Takes a capture in chunks, each when `next` has nothing more to give. What cannot be read is a problem, never an exception. */
export interface CaptureDecoder extends PacketSource {
  push(chunk: Uint8Array): void;
  /** Nothing more comes: says what is missing. */
  end(): void;
  readonly problems: readonly CaptureProblem[];
}
