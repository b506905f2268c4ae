import { defineRule } from "../define-rule.ts";

export const noUnusedPragma = defineRule({
  id: "NV501",
  name: "no-unused-pragma",
  level: "warning",
  summary: "A pragma that silences nothing",
  why: "A pragma outlives the finding it was written for. Left in place it hides the next finding of its kind, which nobody has looked at.",
  exceptions: "None: remove it.",
  bad: ["*filter\n# netverdict ignore=NV302 # one host is meant\n-A INPUT -s 10.0.0.5 -j ACCEPT\nCOMMIT\n"],
  good: [
    "*filter\n# netverdict ignore=NV302 # the whole office\n-A INPUT -s 10.0.0.5/24 -j ACCEPT\nCOMMIT\n",
  ],
  check: (context) =>
    context.unusedPragmas().map(({ source, span, ids }) => ({
      message: `nothing here is found by ${ids.map((id) => `\`${id}\``).join(", ")}; remove the pragma`,
      place: { source, span },
      subject: source.text.slice(span.start, span.end),
      related: [],
      assumptions: [],
    })),
});
