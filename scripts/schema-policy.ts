import { z } from "zod";
import { packetEntry } from "../src/cli/packets-schema.ts";
import { checkKinds, policyCheck, policyFile } from "../src/cli/policy-schema.ts";

export const path = "schema/policy.schema.json";

/** The JSON Schema of policy files: what editors complete and check by. */
export function produce(): string {
  const schema = z.toJSONSchema(policyFile, {
    target: "draft-7",
    io: "input",
    override({ zodSchema, jsonSchema }) {
      if (zodSchema === packetEntry) {
        // what the schema's functions say is not seen by the conversion: a packet may be its words alone
        const whole = { ...jsonSchema };
        for (const key of Object.keys(jsonSchema)) delete jsonSchema[key];
        jsonSchema.anyOf = [{ type: "string", minLength: 1 }, whole];
      }
      if (zodSchema === policyCheck) {
        jsonSchema.oneOf = checkKinds.map((kind) => ({
          required: kind === "only" ? [kind, "from"] : [kind],
        }));
      }
    },
  });
  const { $schema, ...rest } = schema;
  const titled = { $schema, title: "netverdict policy", ...rest };
  return `${JSON.stringify(titled, undefined, 2)}\n`;
}
