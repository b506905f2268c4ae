import { expect } from "chai";
import { lintText } from "./lint-text.ts";

const found = (text: string, id: string) => lintText(text).findings.filter((finding) => finding.id === id);

describe("a finding about one of several rules that a command gives", () => {
  const contradicting =
    "-A INPUT -d 192.0.2.77,10.0.0.0/24 -m iprange --dst-range 192.0.2.70-192.0.2.79 -j DROP";

  it("says which one, for the others decide about packets", () => {
    const [finding, ...others] = found(`*filter\n${contradicting}\nCOMMIT\n`, "NV103");
    expect(others).to.deep.equal([]);
    expect(finding?.about).to.deep.equal({ table: "filter", chain: "INPUT", number: 2 });
    const rule = "-A INPUT -d 10.0.0.0/24 -m iprange --dst-range 192.0.2.70-192.0.2.79 -j DROP";
    expect(finding?.message).to.contain(`(of the 2 rules of this command, \`${rule}\`)`);
    expect(finding?.fix).to.equal(undefined);
  });

  it("says so of shadowed ones, too", () => {
    const [finding] = found(
      "*filter\n-A INPUT -s 10.0.0.0/8 -j ACCEPT\n-A INPUT -s 192.0.2.7,10.0.0.7 -j DROP\nCOMMIT\n",
      "NV101",
    );
    expect(finding?.about).to.deep.equal({ table: "filter", chain: "INPUT", number: 3 });
    expect(finding?.message).to.contain("of the 2 rules of this command, `-A INPUT -s 10.0.0.7/32 -j DROP`");
  });

  it("leaves the other findings' messages alone", () => {
    const [finding] = found("*filter\n-A INPUT -j ACCEPT\n-A INPUT -p tcp -j DROP\nCOMMIT\n", "NV111");
    expect(finding?.message)
      .to.contain("no packet reaches this rule")
      .and.not.to.contain("rules of this command");
  });
});
