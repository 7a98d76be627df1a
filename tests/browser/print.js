// SPDX-License-Identifier: MIT
// The pages on paper: everything unfolded, nothing to be clicked, nothing wider
// than the sheet.
"use strict";

const { installTools, openAll, tooWide } = require("./view.js");
const { paper } = require("./features.js");

const sheet = Math.floor((210 - 2 * 25) / 25.4 * 96);  // A4 less @page's margin

const folds = page => page.evaluate(() =>
    [...document.querySelectorAll("details")].map(d => d.open));
const tell = (page, type) => page.evaluate(
    type => { dispatchEvent(new Event(type)); }, type);

async function foldFaults(page) {
    const faults = [];
    await page.evaluate(() => {                        // one is open already
        const first = document.querySelector("details");
        if (first)
            first.open = true;
    });
    const before = await folds(page);
    await tell(page, "beforeprint");
    const closed = (await folds(page)).filter(open => !open).length;
    if (closed)
        faults.push(`${closed} details are printed closed`);
    await tell(page, "afterprint");
    const after = await folds(page);
    const changed = after.filter((open, i) => open !== before[i]).length;
    if (changed)
        faults.push(`${changed} details are not as before printing`);
    return faults;
}

// What paper cannot do, and what scrolls and so is cut off.
function onPaper() {
    const { named, visible, clips } = window.tools;
    const faults = [...document.querySelectorAll(
        "nav, button:not(th > *), input, output, dialog, .frames, .bubble, "
        + ".skip, .anchor")]
        .filter(visible).map(e => `on paper: ${named(e)}`);
    for (const e of document.querySelectorAll("th > button"))
        if (getComputedStyle(e, "::after").content !== "none")
            faults.push(`on paper, an arrow to sort by: ${named(e)}`);
    const cut = [...document.querySelectorAll("body *")].filter(e =>
        visible(e) && clips(e) && e.scrollWidth > e.clientWidth + 1);
    return [...faults, ...cut.map(e => `cut off on paper: ${named(e)}`)];
}

async function checkPrinting(page, book, name) {
    await page.goto(book.url(name));
    await page.evaluate(installTools);
    const faults = await foldFaults(page);

    // A mark is told when the reader prints.
    if (await page.locator("svg[tabindex]").count()) {
        await page.locator("svg[tabindex]").first().focus();
        await page.keyboard.press("ArrowRight");
    }
    await page.evaluate(openAll);
    await page.setViewportSize({ width: sheet, height: 900 });
    await page.emulateMedia({ media: "print" });
    if (await paper(page) !== 255)
        faults.push("the paper is not white");
    const wide = (await page.evaluate(tooWide)).map(f => `on paper, ${f}`);
    return [...faults, ...wide, ...await page.evaluate(onPaper)];
}

module.exports = { checkPrinting };
