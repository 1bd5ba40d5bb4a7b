// Looks at a report or a page of explain in a browser, for developers: node report.mjs PAGE.html FOLDER
// Needs npm's playwright-core and a Chromium (CHROMIUM=/path, default /usr/bin/chromium). Writes pictures of the page on a desktop,
// on a phone, in the dark, and a PDF; fails if anything is fetched, if the phone's page scrolls sideways, or if text is too pale.
import { chromium } from "playwright-core";
import { pathToFileURL } from "node:url";
import { resolve } from "node:path";

const [page_file, folder] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
const problems = [];
const views = [
  { name: "desktop", width: 1280, height: 900, colorScheme: "light" },
  { name: "phone", width: 390, height: 844, colorScheme: "light" },
  { name: "dark", width: 1280, height: 900, colorScheme: "dark" },
  { name: "phone-dark", width: 390, height: 844, colorScheme: "dark" },
];

// WCAG 2.2, contrast ratio of every text against the first opaque background behind it.
function pale() {
  // color-mix() computes to color(srgb ...), whose channels end at 1
  const channels = (c) => c.match(/[\d.]+/g).map((v, i) => v * (c.startsWith("color(") && i < 3 ? 255 : 1));
  const luminance = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const found = new Map();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || element.closest("svg, style")) continue;
    let behind = element;
    while (behind && (channels(getComputedStyle(behind).backgroundColor)[3] ?? 1) === 0) behind = behind.parentElement;
    const back = luminance(channels(behind ? getComputedStyle(behind).backgroundColor : "rgb(255,255,255)"));
    const front = luminance(channels(getComputedStyle(element).color));
    const ratio = (Math.max(back, front) + 0.05) / (Math.min(back, front) + 0.05);
    if (ratio < 4.5) found.set(`${element.tagName}.${element.className}`, ratio.toFixed(2));
  }
  return [...found];
}

for (const view of views) {
  const page = await browser.newPage({ viewport: { width: view.width, height: view.height }, colorScheme: view.colorScheme });
  page.on("request", (request) => {
    if (!request.url().startsWith("file:") && !request.url().startsWith("data:")) problems.push(`${view.name} fetches ${request.url()}`);
  });
  page.on("pageerror", (error) => problems.push(`${view.name}: ${error}`));
  await page.goto(pathToFileURL(resolve(page_file)).href);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  if (wide > 0) {
    const who = await page.evaluate(() => [...document.querySelectorAll("main *")]
      .filter((e) => e.getBoundingClientRect().right > window.innerWidth + 1 && !e.closest(".scroll"))
      .slice(0, 5).map((e) => `${e.tagName}.${e.className}`));
    problems.push(`${view.name} is ${wide} pixels too wide: ${who}`);
  }
  for (const [element, ratio] of await page.evaluate(pale)) problems.push(`${view.name}: contrast of ${element} is ${ratio}`);
  const unnamed = await page.evaluate(() => [...document.images].filter((image) => !image.alt || !image.naturalWidth).length);
  if (unnamed) problems.push(`${view.name}: ${unnamed} pictures without description or not shown`);
  await page.screenshot({ path: `${folder}/${view.name}.png`, fullPage: true });
  if (view.name === "desktop") await page.pdf({ path: `${folder}/paper.pdf`, format: "A4", preferCSSPageSize: true });
  await page.close();
}
await browser.close();
console.log(problems.length ? problems.join("\n") : "no problems");
process.exit(problems.length ? 1 : 0);
