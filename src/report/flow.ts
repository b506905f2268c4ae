import type { Disappointment } from "../analyse/expectation.ts";
import type { Trace } from "../evaluate/trace.ts";

/** One packet of a flow as it is reported. */
export interface FlowPacket {
  readonly name: string | undefined;
  /** Seconds since 1970. */
  readonly at: number;
  readonly trace: Trace;
  /** What did not come as expected; `undefined` where nothing was expected. */
  readonly disappointments: readonly Disappointment[] | undefined;
}
