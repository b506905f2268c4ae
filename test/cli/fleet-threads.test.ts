import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { expect } from "chai";
import { build } from "esbuild";
import { bundleOptions } from "../../scripts/bundle-options.mjs";

/** Inside the repository, where the bundle finds tinypool. */
const cache = "node_modules/.cache";

const dump = (port: number): string =>
  `*filter\n-A INPUT -p tcp -m tcp --dport ${port} -j DROP\n-A INPUT -p tcp -m tcp --dport ${port} -j ACCEPT\nCOMMIT\n`;

describe("the bundled command line", () => {
  let folder = "";
  before(async function () {
    this.timeout(60000);
    mkdirSync(cache, { recursive: true });
    folder = mkdtempSync(`${cache}/bundle-`);
    await build({ ...bundleOptions, outdir: folder, logLevel: "silent" });
    for (const port of [1, 2, 3]) writeFileSync(`${folder}/host${port}.v4`, dump(port));
    writeFileSync(`${folder}/bad.v4`, "{\n");
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const lint = (...words: readonly string[]) =>
    spawnSync(process.execPath, [`${folder}/netverdict.js`, "lint", `${folder}/*.v4`, ...words], {
      encoding: "utf8",
    });

  it("lints on worker threads what it lints on one", function () {
    this.timeout(60000);
    const alone = lint("--jobs", "1");
    const threads = lint("--jobs", "3");
    expect(threads.stderr).to.include("bad.v4 is neither");
    expect(threads.stdout).to.include("host3.v4");
    expect([threads.status, threads.stdout]).to.deep.equal([alone.status, alone.stdout]);
    expect(threads.status).to.equal(2);
  });
});
