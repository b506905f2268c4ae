import type { Dice } from "../dice.ts";
import type { Flow } from "../flow.ts";
import { ack, fin, push, rst, syn, TcpConversation, urg } from "./tcp.ts";

type Story = (talk: TcpConversation, dice: Dice) => void;

const side = (dice: Dice) => dice.of(["client", "server"] as const);

/** How connections begin. */
const beginnings: readonly (readonly [number, Story])[] = [
  [
    8,
    (talk) => {
      talk.say("client", syn);
      talk.say("server", syn | ack);
      talk.say("client", ack);
    },
  ],
  // SYN lost and sent again
  [
    1,
    (talk) => {
      talk.say("client", syn);
      talk.repeat();
      talk.say("server", syn | ack);
      talk.repeat();
      talk.say("client", ack);
    },
  ],
  [
    1,
    (talk) => {
      talk.say("client", syn);
      talk.say("server", rst | ack);
    },
  ],
  // simultaneous open
  [
    0.5,
    (talk) => {
      talk.say("client", syn);
      talk.say("server", syn);
      talk.say("client", syn | ack, { sequence: talk.off("client", -1) });
      talk.say("server", syn | ack, { sequence: talk.off("server", -1) });
    },
  ],
  // an answer that acknowledges something else, then the client's reset
  [
    0.5,
    (talk) => {
      talk.say("client", syn);
      talk.say("server", syn | ack, { acknowledgement: talk.off("client", 1000) });
      talk.say("client", rst, { sequence: talk.off("client", 1000) });
      talk.say("client", syn, { sequence: talk.off("client", -1) });
      talk.say("server", syn | ack);
      talk.say("client", ack);
    },
  ],
  // picked up in the middle
  [
    1.5,
    (talk, dice) => {
      talk.data("client");
      if (dice.maybe(0.7)) talk.data("server");
      if (dice.maybe(0.5)) talk.say("client", ack);
    },
  ],
  // the server's side first: an answer to nothing
  [0.5, (talk) => talk.say("client", syn | ack)],
  [0.5, (talk) => talk.say("client", rst)],
  [0.5, (talk) => talk.say("client", fin | ack)],
];

/** What happens in between. */
const middles: readonly (readonly [number, Story])[] = [
  [4, (talk) => talk.data("client")],
  [4, (talk) => talk.data("server")],
  [2, (talk, dice) => talk.say(side(dice), ack)],
  [1, (talk) => talk.repeat()],
  [1, (talk) => talk.say("client", syn)],
  [0.7, (talk) => talk.say("client", syn, { sequence: talk.off("client", 100000) })],
  [0.5, (talk) => talk.say("server", syn | ack, { sequence: talk.off("server", -1) })],
  [0.5, (talk) => talk.say("server", syn)],
  // out of the window, both ways
  [
    1,
    (talk, dice) =>
      talk.say(side(dice), push | ack, {
        sequence: talk.off("client", dice.of([70000, 5000000, -70000])),
        data: "6162",
      }),
  ],
  [0.7, (talk) => talk.say("client", ack, { acknowledgement: talk.off("server", 200000) })],
  [0.5, (talk) => talk.say("server", ack, { acknowledgement: talk.off("client", -100000) })],
  // keep-alive
  [
    0.5,
    (talk, dice) => {
      const who = side(dice);
      talk.say(who, ack, { sequence: talk.off(who, -1) });
    },
  ],
  [0.5, (talk, dice) => talk.say(side(dice), ack, { window: 0 })],
  [0.7, (talk, dice) => talk.say(side(dice), push | ack, { data: "6162", checksum: "wrong" })],
  // flag sets that no sane host sends
  [
    1,
    (talk, dice) =>
      talk.say("client", dice.of([0, fin, syn | fin, syn | rst, fin | push | urg, 63, ack | urg, 0xc2])),
  ],
  [
    0.7,
    (talk, dice) =>
      talk.say(side(dice), rst, { sequence: talk.off("client", dice.of([0, 1, 1000, 900000])) }),
  ],
  [0.8, (talk, dice) => talk.error(side(dice))],
  // selective acknowledgement of what has not come
  [0.4, (talk) => talk.say("server", ack, { options: "0101050a0000100000002000" })],
];

/** How connections end, and what comes after. */
const ends: readonly (readonly [number, Story])[] = [
  [2, () => {}],
  [
    3,
    (talk) => {
      talk.say("client", fin | ack);
      talk.say("server", fin | ack);
      talk.say("client", ack);
    },
  ],
  [
    1.5,
    (talk) => {
      talk.say("server", fin | ack);
      talk.say("client", ack);
      talk.data("client");
      talk.say("client", fin | ack);
      talk.say("server", ack);
    },
  ],
  // simultaneous close
  [
    1,
    (talk) => {
      talk.say("client", fin | ack);
      talk.say("server", fin | ack, { acknowledgement: talk.off("client", -1) });
      talk.say("client", ack);
      talk.say("server", ack);
    },
  ],
  [1.5, (talk) => talk.say("client", rst | ack)],
  [1.5, (talk) => talk.say("server", rst)],
];

const afterwards: readonly (readonly [number, Story])[] = [
  [6, () => {}],
  // the tuple is used again
  [
    2,
    (talk, dice) => {
      talk.renumber(dice.of([100000, 1, -200000]));
      talk.say("client", syn);
      talk.say("server", syn | ack);
      talk.say("client", ack);
    },
  ],
  [1, (talk) => talk.data("server")],
  [1, (talk) => talk.say("client", ack)],
  [0.5, (talk) => talk.say("server", rst)],
];

/** A TCP flow: beginning, some middles, end, aftermath. */
export function tcpFlow(dice: Dice): Flow {
  const talk = new TcpConversation(dice);
  dice.weighed(beginnings)(talk, dice);
  for (let rest = dice.between(0, 4); rest > 0; rest--) dice.weighed(middles)(talk, dice);
  dice.weighed(ends)(talk, dice);
  dice.weighed(afterwards)(talk, dice);
  return talk.flow;
}
