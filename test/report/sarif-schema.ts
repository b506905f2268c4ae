/**
 * What SARIF 2.1.0 (OASIS) asks of the parts of a log that netverdict writes, as a JSON Schema: stricter than the standard's
 * own in that nothing else may be there. With SARIF_SCHEMA=FILE the tests hold the reports to the standard's own schema too.
 */
const text = {
  type: "object",
  required: ["text"],
  additionalProperties: false,
  properties: { text: { type: "string", minLength: 1 } },
};
const level = { enum: ["none", "note", "warning", "error"] };
const index = { type: "integer", minimum: 0 };

const region = {
  type: "object",
  required: ["startLine", "startColumn", "endLine", "endColumn"],
  additionalProperties: false,
  properties: {
    startLine: { type: "integer", minimum: 1 },
    startColumn: { type: "integer", minimum: 1 },
    endLine: { type: "integer", minimum: 1 },
    endColumn: { type: "integer", minimum: 1 },
  },
};

const artifactLocation = {
  type: "object",
  required: ["uri"],
  additionalProperties: false,
  properties: { uri: { type: "string", format: "uri-reference" }, index },
};

const physicalLocation = {
  type: "object",
  required: ["artifactLocation", "region"],
  additionalProperties: false,
  properties: { artifactLocation, region },
};

const rule = {
  type: "object",
  required: ["id"],
  additionalProperties: false,
  properties: {
    id: { type: "string" },
    name: { type: "string" },
    shortDescription: text,
    fullDescription: text,
    help: text,
    defaultConfiguration: {
      type: "object",
      additionalProperties: false,
      properties: { level },
    },
  },
};

const fix = {
  type: "object",
  required: ["artifactChanges"],
  additionalProperties: false,
  properties: {
    description: text,
    artifactChanges: {
      type: "array",
      minItems: 1,
      items: {
        type: "object",
        required: ["artifactLocation", "replacements"],
        additionalProperties: false,
        properties: {
          artifactLocation,
          replacements: {
            type: "array",
            minItems: 1,
            items: {
              type: "object",
              required: ["deletedRegion"],
              additionalProperties: false,
              properties: { deletedRegion: region, insertedContent: text },
            },
          },
        },
      },
    },
  },
};

const result = {
  type: "object",
  required: ["ruleId", "ruleIndex", "level", "message", "locations"],
  additionalProperties: false,
  properties: {
    ruleId: { type: "string" },
    ruleIndex: index,
    level,
    message: text,
    locations: {
      type: "array",
      minItems: 1,
      items: {
        type: "object",
        required: ["physicalLocation"],
        additionalProperties: false,
        properties: { physicalLocation },
      },
    },
    relatedLocations: {
      type: "array",
      uniqueItems: true,
      items: {
        type: "object",
        additionalProperties: false,
        properties: { id: { type: "integer", minimum: 0 }, physicalLocation, message: text },
      },
    },
    partialFingerprints: { type: "object", additionalProperties: { type: "string" } },
    fixes: { type: "array", uniqueItems: true, items: fix },
  },
};

export const sarifSchema = {
  type: "object",
  required: ["$schema", "version", "runs"],
  additionalProperties: false,
  properties: {
    $schema: { type: "string", format: "uri" },
    version: { const: "2.1.0" },
    runs: {
      type: "array",
      minItems: 1,
      maxItems: 1,
      items: {
        type: "object",
        required: ["tool", "results"],
        additionalProperties: false,
        properties: {
          tool: {
            type: "object",
            required: ["driver"],
            additionalProperties: false,
            properties: {
              driver: {
                type: "object",
                required: ["name"],
                additionalProperties: false,
                properties: {
                  name: { type: "string", minLength: 1 },
                  semanticVersion: { type: "string", pattern: "^\\d+\\.\\d+\\.\\d+" },
                  rules: { type: "array", uniqueItems: true, items: rule },
                },
              },
            },
          },
          columnKind: { const: "utf16CodeUnits" },
          artifacts: {
            type: "array",
            uniqueItems: true,
            items: {
              type: "object",
              additionalProperties: false,
              properties: { location: artifactLocation },
            },
          },
          results: { type: "array", items: result },
        },
      },
    },
  },
};
