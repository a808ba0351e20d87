// What `tests/outside/html` does with its pages: node html.cjs CHROMIUM FEW.html MANY.html FOLDER
"use strict";
const assert = require("node:assert/strict");
const fs = require("node:fs");
const path = require("node:path");
const { pathToFileURL } = require("node:url");
const { chromium } = require("playwright-core");

const AXE = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const [program, few, many, shots] = process.argv.slice(2);
// A loaded machine is slower than an idle one; what is asked of an idle one is a fifth of this.
const PATIENCE = 5;

const run = async () => {
  const browser = await chromium.launch({
    executablePath: program,
    args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
  try {
    for (const [file, name] of [[few, "few"], [many, "many"]]) {
      for (const colorScheme of ["light", "dark"]) {
        for (const [width, height] of [[1280, 900], [390, 844]]) {
          const seen = await open(browser, file, { colorScheme, viewport: { width, height } });
          await look(seen.page, `${name}-${colorScheme}-${width}`);
          seen.done();
          await seen.context.close();
        }
      }
      await use(browser, file, name);
    }
    await withoutScript(browser, few);
    await print(browser, few);
    await colours(browser, few);
  } finally {
    await browser.close();
  }
  console.log("all is well");
};

/** Opens a page and listens to what it says and asks for. */
async function open(browser, file, options, hash = "") {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const said = [];
  const asked = [];
  page.on("console", (message) => said.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => said.push(String(error)));
  page.on("dialog", (dialog) => { said.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
  page.on("request", (request) => asked.push(request.url()));
  const address = pathToFileURL(path.resolve(file)).href;
  const begin = performance.now();
  await page.goto(address + hash);
  if (options.javaScriptEnabled !== false) {
    await page.waitForFunction(() => document.getElementById("shown")?.textContent);
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));
  }
  const took = performance.now() - begin;
  const done = () => {
    assert.deepEqual(said, [], "the page complains of nothing");
    assert.deepEqual(asked.filter((url) => url.split("#")[0] !== address), [], "the page asks for nothing");
  };
  return { context, page, done, took };
}

/** A screenshot, and what axe-core has to say. */
async function look(page, name) {
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  assert.ok(overflow <= 0, `${name}: the page is ${overflow} pixels wider than the window`);
  await page.screenshot({ path: path.join(shots, `${name}.png`) });
  await page.locator("#findings").scrollIntoViewIfNeeded();
  await page.evaluate(() => document.getElementById("findings").scrollIntoView({ behavior: "instant" }));
  await page.screenshot({ path: path.join(shots, `${name}-list.png`) });
  // By the protocol of the debugger, which the page's own policy does not bind.
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
  const told = violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.slice(0, 3).map((node) => `${node.html} ${node.failureSummary}`).join("; ")}`);
  assert.deepEqual(told, [], `${name}: axe-core finds nothing`);
}

const shown = (page) => page.locator("#shown").textContent();

/** How long it takes from a change of a field until the list is drawn, in milliseconds. */
function timed(page, id, value) {
  return page.evaluate(([id, value]) => new Promise((done) => {
    const field = document.getElementById(id);
    const begin = performance.now();
    field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    document.body.getBoundingClientRect();
    requestAnimationFrame(() => setTimeout(() => done(performance.now() - begin)));
  }), [id, value]);
}

/** Uses the list as a reader does, with the keyboard wherever that can be. */
async function use(browser, file, name) {
  const { context, page, done, took } = await open(browser, file, { viewport: { width: 1280, height: 900 } });
  const size = fs.statSync(file).size / 1e6;
  const whole = await shown(page);
  const total = Number(/all ([\d,]+) finding/.exec(whole)[1].replaceAll(",", ""));
  console.log(`${name}: ${size.toFixed(2)} MB, ${total} findings, there in ${Math.round(took)} ms`);
  assert.ok(took < 2000 * PATIENCE, `the page is there in ${took} ms`);
  const numbers = await page.locator(".numbers dd").allTextContents();
  const sum = numbers.slice(0, 3).map((text) => Number(text.replaceAll(",", ""))).reduce((a, b) => a + b);
  assert.equal(sum, total, "the list has what the numbers say");
  if (name === "many") assert.ok(total >= 50000, `there are ${total} findings`);

  // The keys.
  await page.keyboard.press("/");
  assert.equal(await page.evaluate(() => document.activeElement.id), "search", "/ leads to the search");
  await page.keyboard.type(name === "many" ? "needle0042" : "lavender");
  assert.match(await shown(page), name === "many" ? /Listed: \d of [\d,]+ findings, in 1 file/ : /Listed: \d+ of/);
  assert.match(page.url(), /#search=/, "the address says what is looked for");
  await page.keyboard.press("/");
  assert.match(await page.locator("#search").inputValue(), /\/$/, "in a field, / is a letter");
  await page.keyboard.press("Escape");
  await page.waitForFunction((whole) => document.getElementById("shown").textContent === whole, whole);
  assert.equal(await page.locator("#search").inputValue(), "", "Escape clears");
  assert.doesNotMatch(page.url(), /search/);

  // Tab reaches everything that can be used, and says where it is.
  await page.evaluate(() => { document.querySelector(".skip").focus(); });
  const reached = new Set();
  for (let at = 0; at < 120; at += 1) {
    await page.keyboard.press("Tab");
    const where = await page.evaluate(() => {
      const { activeElement: element } = document;
      const { outlineStyle, outlineWidth } = getComputedStyle(element);
      return { name: element.id || element.name || element.localName, isBody: element === document.body, isSeen: outlineStyle !== "none" && outlineWidth !== "0px" };
    });
    if (where.isBody) break;
    assert.ok(where.isSeen, `the focus is seen on ${where.name}`);
    reached.add(where.name);
  }
  for (const field of ["scheme", "search", "file", "rule", "group", "fix", "level", "by", "summary"]) {
    assert.ok(reached.has(field), `${field} is reached by Tab: ${[...reached]}`);
  }

  // A group opens and closes by the keyboard.
  const summary = page.locator("#list summary").first();
  await summary.focus();
  const wasOpen = await page.locator("#list details").first().evaluate((details) => details.open);
  await page.keyboard.press("Enter");
  assert.equal(await page.locator("#list details").first().evaluate((details) => details.open), !wasOpen);
  await page.keyboard.press("Enter");

  // Each filter narrows, and all that is listed is like it.
  const rule = await page.locator("#rule option").nth(1).getAttribute("value");
  await page.selectOption("#rule", rule);
  assert.match(await shown(page), /Listed: [\d,]+ of/);
  for (const text of await page.locator("#list .finding .line").allTextContents()) assert.ok(text.includes(rule), text);
  await page.keyboard.press("Escape");
  await page.locator("input[name=level]").first().check();
  assert.ok((await page.locator("#list .level").allTextContents()).every((text) => text === "error"));
  await page.locator("button[type=reset]").click();
  await page.waitForFunction((whole) => document.getElementById("shown").textContent === whole, whole);
  await page.locator("input[name=by][value=rule]").check();
  assert.match(await shown(page), /in [\d,]+ rules?$/);
  await page.selectOption("#fix", "none");
  await page.selectOption("#fix", "");
  await page.locator("#file").fill("no such path");
  assert.equal(await shown(page), "No finding is like that");
  await page.locator("#file").fill("");

  // A link to a view shows it, and so does a link of a chart.
  const link = await open(browser, file, {}, `#rule=${rule}&by=rule`);
  assert.equal(await link.page.locator("#rule").inputValue(), rule);
  assert.match(await link.page.locator("#shown").textContent(), /in 1 rule$/);
  link.done();
  await link.context.close();
  const old = await open(browser, file, {}, "#rule=a-rule-of-long-ago");
  assert.equal(await old.page.locator("#shown").textContent(), "No finding is like that");
  old.done();
  await old.context.close();
  await page.locator("td[data-rule] a").first().click();
  await page.waitForFunction(() => document.activeElement.id === "findings");
  assert.match(page.url(), /#rule=/);
  await page.keyboard.press("Escape");

  // More is listed when it is asked for, and the focus goes along.
  if (name === "many") {
    await page.waitForFunction((whole) => document.getElementById("shown").textContent === whole, whole);
    const before = await page.locator("#list .group").count();
    await page.locator("#more").click();
    assert.ok((await page.locator("#list .group").count()) > before);
    assert.equal(await page.evaluate(() => document.activeElement.localName), "summary");
    await page.locator("input[name=by][value=rule]").check();
    // The first group stands open.
    const group = page.locator("#list .group").first();
    const findings = await group.locator(".finding").count();
    await group.locator(".shown-more button").click();
    assert.ok((await group.locator(".finding").count()) > findings);
    assert.equal(await page.evaluate(() => document.activeElement.localName), "article");
    await page.keyboard.press("Escape");
  }

  // Hostile text is text.
  assert.equal(await page.locator("#list img, #list script, #list iframe").count(), 0);

  await page.waitForTimeout(1500);
  const times = [];
  for (const [id, value] of [["search", "e"], ["search", "picture"], ["search", "no such words anywhere"], ["search", ""], ["file", "article-1"], ["file", ""], ["rule", rule], ["rule", ""]]) {
    times.push(await timed(page, id, value));
  }
  console.log(`${name}: narrowed in ${times.map(Math.round).join(", ")} ms`);
  assert.ok(Math.max(...times) < 200 * PATIENCE, `the list is narrowed in ${times} ms`);
  done();
  await context.close();
}

async function withoutScript(browser, file) {
  const { context, page, done } = await open(browser, file, { javaScriptEnabled: false, viewport: { width: 1280, height: 900 } });
  await page.screenshot({ path: path.join(shots, "few-without-script.png"), fullPage: true });
  assert.match(await page.locator("main").innerText(), /needs JavaScript/);
  assert.ok(await page.locator(".chart").first().isVisible());
  assert.ok(!(await page.locator("#filters").isVisible()));
  done();
  await context.close();
}

async function print(browser, file) {
  const { context, page, done } = await open(browser, file, { viewport: { width: 794, height: 1123 } });
  await page.emulateMedia({ media: "print", reducedMotion: "reduce" });
  assert.ok(!(await page.locator("#filters").isVisible()));
  await page.screenshot({ path: path.join(shots, "few-print.png") });
  done();
  await context.close();
}

/** The switch wins over the system, and is kept. */
async function colours(browser, file) {
  const { context, page, done } = await open(browser, file, { colorScheme: "light" });
  const paper = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  const light = await paper();
  await page.selectOption("#scheme", "dark");
  const dark = await paper();
  assert.notEqual(light, dark);
  await page.reload();
  assert.equal(await paper(), dark);
  done();
  await context.close();
}

run().catch((error) => {
  console.error(error);
  process.exit(1);
});
