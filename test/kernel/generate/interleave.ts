import type { ScenarioPacket } from "../scenario.ts";
import type { Dice } from "./dice.ts";
import type { Flow } from "./flow.ts";

/** The flows' packets in one order, each flow's own kept; a few flows run at a time. */
export function interleave(dice: Dice, flows: readonly Pick<Flow, "steps">[]): ScenarioPacket[] {
  const waiting = flows.map((flow) => ({ flow, done: 0, places: [] as number[] }));
  const packets: ScenarioPacket[] = [];
  while (waiting.length > 0) {
    const turn = waiting[dice.below(Math.min(waiting.length, 3))]!;
    // bursts, so that most answers follow what they answer
    for (let burst = dice.between(1, 6); burst > 0 && turn.done < turn.flow.steps.length; burst--) {
      const step = turn.flow.steps[turn.done++]!;
      turn.places.push(packets.length);
      packets.push(
        "reply" in step ? { ...step, reply: { ...step.reply, of: turn.places[step.reply.of]! } } : step,
      );
    }
    if (turn.done >= turn.flow.steps.length) waiting.splice(waiting.indexOf(turn), 1);
  }
  return packets;
}
