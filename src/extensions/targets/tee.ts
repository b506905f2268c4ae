import { bareString } from "../../arg-types/bare-string.ts";
import { hostAddress } from "../../arg-types/host-address.ts";
import { defineTarget } from "../extension.ts";
import { kernelRefuses } from "../problem.ts";

export const tee = defineTarget({
  name: "TEE",
  summary: "Sends a copy of the packet to another host of the local network, and goes on",
  options: {
    gateway: { arg: hostAddress, help: "who gets the copy", required: true },
    oif: {
      arg: bareString("name", 15, ["eth1"]),
      help: "the interface by which it leaves",
      fallback: "",
      omitFallback: true,
    },
  },
  check: ({ gateway }) =>
    gateway.value === "any"
      ? [kernelRefuses("the copy needs an address to go to", { option: "gateway" })]
      : [],
  effects: ({ gateway, oif }) =>
    gateway.value === "any"
      ? []
      : [{ kind: "tee", gateway: gateway.value, ...(oif.value === "" ? {} : { device: oif.value }) }],
  examples: [
    { rule: "-i eth0 -j TEE --gateway 10.0.0.9", at: "mangle/PREROUTING", saves: "=" },
    {
      rule: "-j TEE --oif eth1 --gateway 2001:db8::9",
      family: "ipv6",
      saves: "-j TEE --gateway 2001:db8::9 --oif eth1",
    },
    { rule: "-j TEE", refused: "option-missing" },
    { rule: "-j TEE --gateway 0.0.0.0", refused: "kernel-refuses" },
    { rule: "-j TEE --gateway logger.example", refused: "bad-value" },
  ],
});
