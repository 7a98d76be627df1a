// SPDX-License-Identifier: MIT
// The book in a browser: every page, wide and narrow, light and dark.
//
//     make test-browser               the book in build/book
//     make test-browser CHAPTER=03    only that page, and what is tested once
//     BOOK=build/quick node tests/browser/run.js
//     node tests/browser/run.js frames         only that test of a feature
//
// Prints a line for each fault. SLOWEST=20 names the tests that took longest.
// Pictures are left in build/screens.
"use strict";

const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { Book, launch, open, root, views } = require("./browser.js");
const { Report } = require("./report.js");
const { checkPage, checkTogether } = require("./page.js");
const { checkView, noteListeners } = require("./view.js");
const { checkColours } = require("./colours.js");
const { checkPrinting } = require("./print.js");
const { checkValid } = require("./valid.js");
const features = require("./features.js");
const figures = require("./figures.js");

const [wide, dark] = views;                         // 1280, light and dark
const touch = { hasTouch: true };
const noScript = { javaScriptEnabled: false };

// A test in a window of its own.
function windowed(browser, book, name, view, options, body) {
    return { name, body: async report => {
        const page = await open(browser, book, view, options);
        try {
            await body(page, report);
        } finally {
            await page.context().close().catch(() => {});
        }
    } };
}

// The report of one test. On a busy machine a page is lost, or does not answer
// in time: then it is tried once more, and that is said.
async function tried({ name, body }) {
    const once = async () => {
        const report = new Report();
        await report.run(name, "", "window", async () => {
            await body(report);
            return [];
        });
        if (!report.stopped)
            report.passed--;                        // no question of its own
        return report;
    };
    const first = await once();
    if (!first.stopped)
        return first;
    const second = await once();
    second.note(`tried twice: ${name}: ${first.lines()[0]}`);
    return second;
}

// The tests of features, each in a fresh window so that nothing is remembered.
async function featureTests(browser, book, report, what) {
    const { pages, views: chosen, only } = what;
    const tests = [];
    const wanted = test => !only || only === test;
    const add = (name, view, test, body, options) => wanted(test)
        && tests.push(windowed(browser, book, `${name}, ${view.name}, ${test}`,
                               view, options, async (page, report) => {
            await report.run(name, view.name, test, () => body(page, report));
            report.test(name, view.name, `quiet during ${test}`, page.faults);
        }));
    const page = await open(browser, book, wide);
    await page.goto(book.url("index"));
    const has = async id => await page.locator(id).count() > 0;
    const [search, keys] = [await has("#search"), await has("#keys")];
    await page.context().close();
    const twice = [wide, ...chosen.filter(view => view.width < 600)]
        .slice(0, 2);                         // where the theme does not matter

    for (const view of chosen)
        add("index", view, "theme", p => features.checkTheme(p, book, view));
    add("index", wide, "arrow keys", p => features.checkArrows(p, book));
    for (const view of chosen)
        for (const name of ["index", book.chapters.at(-1)].filter(Boolean)) {
            if (search)
                add(name, view, "search",
                    p => features.checkSearch(p, book, name));
            if (keys)
                add(name, view, "keys",
                    p => features.checkKeys(p, book, name));
        }
    if (!search)
        report.skip("search", "no #search in index.html");
    if (!keys)
        report.skip("keys", "no #keys in index.html");
    if (book.pages.includes("your-experiments"))
        add("your-experiments", wide, "sorting",
            p => features.checkTables(p, book));
    else
        report.skip("sorting", "no your-experiments.html");

    for (const name of pages) {
        // The book on one page has the figures of the others: one width.
        for (const view of name === "print" ? [wide] : twice) {
            if (figures.hasFrames(book, name))
                add(name, view, "frames",
                    p => figures.checkFrames(p, book, name));
            if (figures.hasMarks(book, name)) {
                add(name, view, "marks",
                    p => figures.checkMarks(p, book, name));
                add(name, view, "taps",
                    p => figures.checkTaps(p, book, name), touch);
            }
            add(name, view, "without script",
                p => figures.checkWithoutScript(p, book, name), noScript);
        }
        add(name, dark, "printing", p => checkPrinting(p, book, name));
    }
    for (const test of ["frames", "marks"])
        if (!pages.some(name => book.text(name).includes(
            `class="${test.slice(0, -1)}"`)))
            report.skip(test, "no page has any");
    for (const view of [wide, dark])
        add("index", view, "colours",
            (p, report) => checkColours(p, book, view, report));
    if (wanted("valid HTML"))
        tests.push({ name: "valid HTML",
                     body: report => checkValid(book, report) });
    return tests;
}

// What to test: { pages, views, screens: a folder, features: true or false,
// only: the name of a feature's test, and nothing else }.
async function check(browser, book, what) {
    const report = new Report();
    const survey = new Map();
    const work = [];
    for (const name of what.only ? [] : what.pages)
        for (const view of what.views)
            work.push(windowed(browser, book, `${name}, ${view.name}`, view, {},
                async (page, report) => {
                    await page.addInitScript(noteListeners);
                    await checkView(page, book, name, view, report,
                                    what.screens);
                }));
    for (const name of what.only ? [] : book.pages)
        work.push(windowed(browser, book, name, wide, {}, (page, report) =>
            checkPage(page, book, report, name, survey,
                      what.pages.includes(name))));
    if (what.features)
        work.push(...await featureTests(browser, book, report, what));

    // The largest first, so that it does not run alone at the end; the size of
    // its page says how large a test is.
    const size = new Map(book.pages.map(name => [name, book.text(name).length]));
    const weight = test => size.get(test.name.split(",")[0]) ?? 0;
    work.sort((a, b) => weight(b) - weight(a));

    const times = [];
    const worker = async () => {
        while (work.length) {
            const test = work.shift(), start = Date.now();
            report.add(await tried(test));
            times.push([(Date.now() - start) / 1000, test.name]);
        }
    };
    const count = Math.max(4, 2 * os.availableParallelism());
    await Promise.all(Array.from({ length: count }, worker));
    if (!what.only)
        checkTogether(book, report, survey, what.pages);
    if (process.env.SLOWEST)
        for (const [seconds, name] of times.sort((a, b) => b[0] - a[0])
            .slice(0, Number(process.env.SLOWEST)))
            report.note(`${seconds.toFixed(1).padStart(6)} s  ${name}`);
    return report;
}

async function main() {
    const only = process.argv[2];
    const book = new Book(process.env.BOOK || path.join(root, "build/book"));
    const wanted = process.env.CHAPTER ?? "";
    const pages = wanted ? book.chapters.filter(
        name => parseInt(name, 10) === parseInt(wanted, 10)) : book.pages;
    const screens = path.join(root, "build/screens");

    if (pages.length === 0) {
        console.error(`CHAPTER=${wanted}: no such page in ${book.folder}`);
        process.exit(1);
    }
    if (!wanted && !only)
        fs.rmSync(screens, { recursive: true, force: true });
    fs.mkdirSync(screens, { recursive: true });
    const browser = await launch();
    const report = await check(browser, book,
        { pages, views, screens, features: true, only });
    await browser.close();
    report.print();
    process.exitCode = report.failed ? 1 : 0;
}

module.exports = { check };
if (require.main === module)
    main().catch(e => {
        console.error(`test-browser stopped: ${e.message}`);
        process.exit(1);
    });
