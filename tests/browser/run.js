// SPDX-License-Identifier: MIT
// The book in a browser: every page, wide and narrow, light and dark.
//
//     make test-browser               the book in build/book
//     make test-browser CHAPTER=03    only that page, and what is tested once
//     BOOK=build/quick node tests/browser/run.js
//     node tests/browser/run.js frames         only that test of a feature
//
// Prints a line for each fault. Pictures are left in build/screens.
"use strict";

const fs = require("node:fs");
const path = require("node:path");
const { Book, launch, open, root, views } = require("./browser.js");
const { Report } = require("./report.js");
const { checkPages } = require("./page.js");
const { checkView, noteListeners } = require("./view.js");
const { checkColours } = require("./colours.js");
const { checkPrinting } = require("./print.js");
const { checkValid } = require("./valid.js");
const features = require("./features.js");
const figures = require("./figures.js");

const [wide, dark] = views;                         // 1280, light and dark
const touch = { hasTouch: true };
const noScript = { javaScriptEnabled: false };

// The tests of features, each in a fresh window so that nothing is remembered.
async function featureTests(browser, book, report, what) {
    const { pages, views: chosen, only } = what;
    const tests = [];
    const wanted = test => !only || only === test;
    const add = (name, view, test, body, options) => wanted(test)
        && tests.push(async () => {
            const page = await open(browser, book, view, options);
            await report.run(name, view.name, test, () => body(page));
            report.test(name, view.name, `quiet during ${test}`, page.faults);
            await page.context().close();
        });
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
        for (const view of twice) {
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
            p => checkColours(p, book, view, report));
    if (wanted("valid HTML"))
        tests.push(() => checkValid(book, report));
    return tests;
}

// What to test: { pages, views, screens: a folder, features: true or false,
// only: the name of a feature's test, and nothing else }.
async function check(browser, book, what) {
    const report = new Report();
    const work = [];
    if (!what.only)
        work.push(async () => {
            const page = await open(browser, book, wide);
            await checkPages(page, book, report, what.pages);
            await page.context().close();
        });
    if (what.features)
        work.push(...await featureTests(browser, book, report, what));
    for (const name of what.only ? [] : what.pages)
        for (const view of what.views)
            work.push(async () => {
                const page = await open(browser, book, view);
                await page.addInitScript(noteListeners);
                await checkView(page, book, name, view, report, what.screens);
                await page.context().close();
            });

    const worker = async () => {
        while (work.length)
            await work.shift()();
    };
    await Promise.all([worker(), worker(), worker(), worker()]);
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
