/** The packet sets of a rule set have outgrown the memory that they may take: no answer, and no fault of the rules. */
export class SetsTooLarge extends Error {
  override readonly name = "SetsTooLarge";

  constructor(nodes: number) {
    super(`the packet sets of these rules are too large (more than ${nodes} nodes)`);
  }
}
