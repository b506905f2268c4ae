import type { Dice } from "../dice.ts";

/** A port or a range of ports in libxtables' notation, mostly one that the port is in. */
export const portRange = (dice: Dice, port: number): string =>
  dice.weighed([
    [4, `${port}`],
    [1, `${Math.max(0, port - dice.below(50))}:${Math.min(65535, port + dice.below(1000))}`],
    [0.7, `:${Math.max(port, 1023)}`],
    [0.7, `${Math.min(port, 1024)}:`],
    [0.7, dice.of(["22", ":1023", "1024:65535", "8080"])],
  ]);

/** `--sport` and `--dport` of `-p tcp` and `-p udp`. */
export function portOptions(dice: Dice, sourcePort: number, destinationPort: number): string {
  const part = (flag: string, port: number) =>
    `${dice.maybe(0.12) ? "! " : ""}--${flag} ${portRange(dice, port)}`;
  return dice
    .weighed([
      [4, [part("dport", destinationPort)]],
      [2, [part("sport", sourcePort)]],
      [1, [part("sport", sourcePort), part("dport", destinationPort)]],
    ])
    .join(" ");
}

export function multiportMatch(dice: Dice, sourcePort: number, destinationPort: number): string {
  const flag = dice.of(["sports", "dports", "ports"] as const);
  const port = flag === "sports" ? sourcePort : destinationPort;
  const list = dice.shuffled([
    ...(dice.maybe(0.8) ? [portPiece(dice, port)] : []),
    ...dice.some(
      ["22", "25", "53", "80", "443", "3306", "5000:6000", "8080", "8443", "1000:2000"],
      dice.between(1, 4),
    ),
  ]);
  return `-m multiport ${dice.maybe(0.2) ? "! " : ""}--${flag} ${list.join(",")}`;
}

const portPiece = (dice: Dice, port: number): string =>
  dice.maybe(0.7) ? `${port}` : `${Math.max(0, port - 5)}:${Math.min(65535, port + 5)}`;
