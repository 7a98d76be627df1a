// SPDX-License-Identifier: MIT
// What the book does: themes, turning pages, search, the list of keys, tables
// that can be sorted.
"use strict";

const { installTools, runAxe } = require("./view.js");

const pause = page => page.waitForTimeout(60);

// How light the paper is, 0 to 255.
const paper = page => page.evaluate(() => {
    for (const e of [document.body, document.documentElement]) {
        const [r, g, b, a] = getComputedStyle(e).backgroundColor
            .match(/[\d.]+/g).map(Number);
        if (a !== 0)
            return (r + g + b) / 3;
    }
    return 255;
});

// The theme when the body begins, long before anything is painted.
function noteTheme() {
    const root = () => document.documentElement;
    new MutationObserver((_, observer) => {
        if (document.body) {
            window.themeAtBody = root().dataset.theme ?? "";
            observer.disconnect();
        }
    }).observe(document, { childList: true, subtree: true });
    document.addEventListener("DOMContentLoaded", () => {
        window.themeAtContent = root().dataset.theme ?? "";
    });
}

// ---- The theme ----

async function checkTheme(page, book, view) {
    const faults = [];
    const light = async () => await paper(page) > 128;
    const wanted = view.theme === "light";
    const shown = async (what, expected) => {
        if (await light() !== expected)
            faults.push(`${what}, the page is ${expected ? "dark" : "light"}`);
    };
    const button = page.locator("#theme");
    const other = book.chapters[0] ?? "index";

    await page.addInitScript(noteTheme);
    await page.goto(book.url("index"));
    await shown(`on a ${view.theme} system`, wanted);
    if (!await button.isVisible())
        return [...faults, "no #theme in sight"];

    await button.focus();
    await page.keyboard.press("Enter");
    await pause(page);
    await shown("after the switch", !wanted);
    for (const [what, go] of [
        ["after a reload", () => page.reload()],
        ["on another page", () => page.goto(book.url(other))],
    ]) {
        await go();
        await shown(what, !wanted);
        const [body, content] = await page.evaluate(() =>
            [window.themeAtBody, window.themeAtContent]);
        const expected = wanted ? "dark" : "light";
        if (body !== expected || content !== expected)
            faults.push(`${what}, data-theme is "${body}" where the body `
                        + `begins and "${content}" at its end, not `
                        + `"${expected}": the page flashes`);
    }
    await button.click();
    await pause(page);
    await shown("after the second switch", wanted);
    await page.goto(book.url("index"));
    await shown("after the second switch and another page", wanted);
    return faults;
}

// ---- The arrow keys ----

async function arrow(page, key) {
    const before = page.url();
    await page.keyboard.press(key);
    await page.waitForURL(url => url.href !== before, { timeout: 1500 })
        .catch(() => {});
    await page.waitForLoadState();
    return page.url() !== before;
}

async function checkArrows(page, book) {
    const faults = [];
    const met = [];

    await page.goto(book.url("index"));
    while (met.length <= book.pages.length
           && await page.locator("a[rel=next]").count()) {
        if (!await arrow(page, "ArrowRight"))
            return [`ArrowRight does nothing on ${page.url()}`];
        met.push(book.pageOf(page.url()));
    }
    const order = [...met].filter(name => book.chapters.includes(name));
    if (order.join() !== book.chapters.join())
        faults.push(`ArrowRight leads through ${met.join(", ")}`);
    for (const name of [...met.slice(0, -1).reverse(), "index"]) {
        await arrow(page, "ArrowLeft");
        if (book.pageOf(page.url()) !== name) {
            faults.push(`ArrowLeft leads to ${page.url()}, not ${name}`);
            break;
        }
    }
    await page.goto(book.url(book.chapters[0] ?? "index"));
    for (const key of ["Control+ArrowRight", "Shift+ArrowRight"])
        if (await arrow(page, key))
            faults.push(`${key} turns the page as well`);
    return faults;
}

// ---- Search ----

const results = ".search-result a";

async function look(page, words) {
    const input = page.locator("#search input").first();
    await input.fill("");
    await input.pressSequentially(words);
    await page.waitForTimeout(250);
    return page.locator(results).evaluateAll(links =>
        links.filter(e => e.checkVisibility()).map(e => e.href));
}

const searchOpen = page => page.evaluate(() => {
    const input = document.querySelector("#search input");
    return input === document.activeElement && input.checkVisibility();
});

async function checkSearch(page, book, name) {
    const faults = [];
    const want = (holds, what) => holds || faults.push(what);
    const chapter = `${book.chapters.find(c => c.startsWith("03"))}.html`;

    await page.goto(book.url(name));
    await page.evaluate(installTools);
    await page.locator("main a").first().focus();
    await page.keyboard.press("/");
    await pause(page);
    if (!await searchOpen(page))
        return ["/ does not open the search with the cursor in it"];

    const softmax = await look(page, "softmax");
    want(softmax[0]?.includes(`/${chapter}`),
         `softmax: the first of ${softmax.length} results is ${softmax[0]}`);
    want(softmax.every(url => book.pageOf(url)),
         "softmax: results that are not in the book");
    faults.push(...(await runAxe(page, "#search")).map(f => `axe: ${f}`));
    const field = await look(page, "learning_rate");
    want(field.length > 0, "learning_rate: nothing found");
    const nothing = await look(page, "zzqqxx");
    want(nothing.length === 0, `zzqqxx: ${nothing.length} results`);
    await look(page, "train/");
    want(await page.locator("#search input").first().inputValue() === "train/",
         "/ cannot be typed into the search");
    await page.keyboard.press("ArrowLeft");
    want(book.pageOf(page.url()) === name, "ArrowLeft in the search leaves it");

    await page.keyboard.press("Escape");
    await pause(page);
    want(!await page.evaluate(() => {
        const search = document.getElementById("search");
        return search.open || search.contains(document.activeElement);
    }), "Escape does not close the search");
    want(await page.evaluate(() => document.activeElement
                             === document.querySelector("main a")),
         "closing the search does not give the focus back");

    await page.keyboard.press("/");
    await pause(page);
    const listing = await look(page, "dense_backward");
    want(listing[0]?.endsWith("#show-dense_backward"),
         `dense_backward: the first of ${listing.length} results is `
         + listing[0]);
    await page.keyboard.press("Enter");
    await page.waitForURL(url => url.href === listing[0],
                          { timeout: 10000, waitUntil: "commit" })
        .catch(() => faults.push(`Enter leads to ${page.url()}`));
    await page.waitForLoadState();
    await page.waitForTimeout(200);
    want(await page.evaluate(() => {
        const box = document.getElementById("show-dense_backward")
            ?.getBoundingClientRect();
        return box && box.top < innerHeight && box.bottom > 0 && box.height;
    }), "after Enter, the listing is not in sight");
    return faults;
}

async function checkKeys(page, book, name) {
    const faults = [];
    const open = () => page.evaluate(() => {
        const keys = document.getElementById("keys");
        return keys.checkVisibility() && keys.textContent.trim().length > 20;
    });

    await page.goto(book.url(name));
    await page.locator("main a").first().focus();
    await page.keyboard.press("?");
    await pause(page);
    if (!await open())
        return ["? does not open the list of keys"];
    faults.push(...(await runAxe(page, "#keys")).map(f => `axe: ${f}`));
    await page.keyboard.press("Escape");
    await pause(page);
    if (await open())
        faults.push("Escape does not close the list of keys");
    if (!await page.evaluate(() => document.activeElement
                             === document.querySelector("main a")))
        faults.push("closing the list of keys does not give the focus back");
    return faults;
}

// ---- Tables ----

// Numbers in order of size, words in order of the alphabet; what has no
// number stands together at one end.
function inOrder(cells, sign) {
    const number = text => {
        const match = /^[-+]?\d[\d.,]*(?![\d.]*-)/.exec(
            text.replace("−", "-"));
        return match ? parseFloat(match[0].replace(/,/g, "")) : NaN;
    };
    const numbers = cells.map(number);
    const known = numbers.filter(x => !isNaN(x));
    if (known.length === 0)
        return cells.every((cell, i) => i === 0
            || sign * cells[i - 1].localeCompare(cell) <= 0);
    const first = numbers.findIndex(x => !isNaN(x));
    const together = numbers.slice(first, first + known.length)
        .every(x => !isNaN(x));
    return together && (first === 0 || first + known.length === cells.length)
        && known.every((x, i) => i === 0 || sign * (x - known[i - 1]) >= 0);
}

async function checkTables(page, book) {
    const faults = [];
    await page.goto(book.url("your-experiments"));
    const tables = await page.locator("main table").count();
    const sort = async (t, column) => {
        const head = page.locator("main table").nth(t).locator("th")
            .nth(column);
        await head.locator("button").focus();
        await page.keyboard.press("Enter");
        return head.evaluate(th => {
            const table = th.closest("table");
            return {
                sorted: [...table.querySelectorAll("[aria-sort]")]
                    .map(e => e === th ? e.ariaSort : "elsewhere").join(),
                cells: [...table.tBodies[0].rows].map(row =>
                    row.cells[th.cellIndex].textContent.trim()),
            };
        });
    };
    for (let t = 0; t < tables; t++) {
        const heads = await page.locator("main table").nth(t).locator("th")
            .allTextContents();
        for (const [column, head] of heads.entries())
            for (const [way, sign] of [["ascending", 1], ["descending", -1]]) {
                const now = await sort(t, column);
                const where = `table ${t + 1}, ${head.trim()}, ${way}`;
                if (now.sorted !== way)
                    faults.push(`${where}: aria-sort is "${now.sorted}"`);
                if (!inOrder(now.cells, sign))
                    faults.push(`${where}: ${now.cells.join(" | ")}`);
            }
    }
    return faults;
}

module.exports = { checkArrows, checkKeys, checkSearch, checkTables,
                   checkTheme, paper };
