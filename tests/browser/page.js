// SPDX-License-Identifier: MIT
// What holds of a page in any view: its structure, names, links and size.
"use strict";

const fs = require("node:fs");
const path = require("node:path");
const { fileURLToPath } = require("node:url");

// Bytes; a page is counted with all that it loads, search-index.js as well,
// which it loads at the first search.
const largest = { page: 1.5e6, front: 400e3, script: 300e3 };

function structure() {
    const faults = [];
    const count = (what, selector, least, most) => {
        const n = document.querySelectorAll(selector).length;
        if (n < least || n > most)
            faults.push(`${n} ${what}`);
    };
    count("h1", "h1", 1, 1);
    count("main", "main", 1, 1);
    count("header of the page", "body > header", 1, 1);
    count("footer of the page", "body > footer", 1, 1);
    count("nav", "nav", 1, Infinity);
    if (!/^[a-z]{2}(-|$)/.test(document.documentElement.lang))
        faults.push("no lang on <html>");
    if (!document.title.trim())
        faults.push("no title");
    if (document.compatMode !== "CSS1Compat")
        faults.push("no doctype");
    if (!document.querySelector("meta[name=viewport]"))
        faults.push("no meta viewport");

    let level = 1;
    for (const h of document.querySelectorAll("main :is(h1,h2,h3,h4,h5,h6)")) {
        const own = Number(h.localName[1]);
        if (own > level + 1)
            faults.push(`h${own} after h${level}: ${h.textContent.trim()}`);
        level = own;
    }
    return faults;
}

// Ids once, and whatever refers to one finds it.
function ids() {
    const faults = [];
    const seen = new Set();

    for (const { id } of document.querySelectorAll("[id]")) {
        if (seen.has(id) || !id || /\s/.test(id))
            faults.push(`id "${id}" is there twice, or is no id`);
        seen.add(id);
    }
    const wants = (id, by) => {
        if (!seen.has(id))
            faults.push(`${by} refers to #${id}, which is not there`);
    };
    for (const name of ["for", "aria-labelledby", "aria-describedby",
                        "aria-controls", "aria-owns", "list"])
        for (const e of document.querySelectorAll(`[${name}]`))
            for (const id of e.getAttribute(name).split(/\s+/))
                wants(id, `${e.localName} ${name}`);
    for (const e of document.querySelectorAll("svg *"))
        for (const { name, value } of e.attributes) {
            if (/^(xlink:)?href$/.test(name) && value[0] === "#"
                && e.localName !== "a")
                wants(value.slice(1), `svg ${e.localName}`);
            const url = value.match(/url\(['"]?#([^'")]+)/);
            if (url)
                wants(url[1], `svg ${e.localName} ${name}`);
        }
    return faults;
}

// What can only be seen has a name that can be read, and more than a word.
function names() {
    const faults = [];
    const text = id => document.getElementById(id)?.textContent ?? "";
    const name = e => (e.getAttribute("aria-label")
        ?? e.getAttribute("aria-labelledby")?.split(/\s+/).map(text).join(" ")
        ?? e.getAttribute("alt")
        ?? e.querySelector(":scope > title, :scope > figcaption, "
                           + ":scope > details > figcaption")?.textContent
        ?? "").trim();
    const seen = "img, svg, canvas, table";
    const where = e => `${e.localName} in #${e.closest("[id]")?.id ?? "?"}`;

    for (const e of document.querySelectorAll("img, svg, canvas, figure")) {
        if (e.closest("[aria-hidden=true]") || e.parentElement.closest("svg")
            || e.getAttribute("role") === "presentation"
            || e.localName === "figure" && !e.querySelector(seen))
            continue;
        const role = e.getAttribute("role");
        if (e.localName === "svg"
            && !/^(img|group|figure|graphics-\w+)$/.test(role))
            faults.push(`no role=img: ${where(e)}`);
        if (e.localName === "canvas" && !e.hasAttribute("role"))
            faults.push(`no role: ${where(e)}`);
        if (name(e).length === 0)
            faults.push(`no name: ${where(e)}`);
        else if (e.localName !== "figure" && !/\s/.test(name(e)))
            faults.push(`"${name(e)}" says nothing: ${where(e)}`);
    }
    return faults;
}

// Every address that the page names, and every place one can jump to.
function addresses() {
    const found = new Set();
    for (const e of document.querySelectorAll("[href], [src], [data-src]")) {
        const own = e.getAttribute("href") ?? e.getAttribute("src")
            ?? e.dataset.src;
        if (!(e.closest("svg") && e.localName !== "a"))
            found.add(own);
    }
    return {
        links: [...found],
        anchors: [...document.querySelectorAll("[id], a[name]")]
            .map(e => e.id || e.name),
        inText: [...document.querySelectorAll("main [id]:not(svg *)")]
            .map(e => e.id),
    };
}

// Whoever follows an address with a # sees what it names, folded or not; and
// what has a number says its own address.
async function reaches() {
    const faults = [];
    const painted = () => new Promise(done => requestAnimationFrame(done));
    const folded = [...document.querySelectorAll("details:not([open])")];

    for (const e of document.querySelectorAll("main [id]:not(svg *)")) {
        folded.forEach(details => { details.open = false; });
        location.hash = "";
        location.hash = e.id;
        await painted();
        await painted();
        const box = e.getBoundingClientRect();
        if (!e.checkVisibility() || box.height === 0 || box.bottom <= 0
            || box.top >= innerHeight)
            faults.push(`#${e.id} is not in sight when it is asked for`);
    }
    for (const e of document.querySelectorAll(
        "main :is(.numbered, .claim, .listing[id*=show-], h2, h3)"))
        if (!e.id || !e.querySelector(`a[href="#${CSS.escape(e.id)}"]`))
            faults.push(`no link to itself: ${e.id ? `#${e.id}`
                : e.textContent.trim().slice(0, 40)}`);
    return faults;
}

// Everything that can be jumped to is in print.html, under a name of its own.
function printFaults(name, ids, book, print) {
    if (!print || !book.chapters.concat("index").includes(name))
        return [];
    return ids
        .map(id => `page-${name}-${id}`)
        .filter(id => !print.has(id))
        .map(id => `print.html has no #${id}`);
}

function linkFaults(name, links, book, anchors) {
    const faults = [];
    for (const link of links) {
        if (/^(https?:|mailto:|data:)/.test(link))
            continue;                    // requests are watched elsewhere
        if (/^([a-z]+:|\/)/i.test(link)) {
            faults.push(`not a relative address: ${link}`);
            continue;
        }
        const url = new URL(link, book.url(name));
        const file = fileURLToPath(url.href.replace(/[#?].*/, ""));
        const anchor = decodeURIComponent(url.hash.slice(1));
        const page = book.pageOf(url.href);
        if (!book.holds(url.href))
            faults.push(`leads out of the book: ${link}`);
        else if (!fs.existsSync(file))
            faults.push(`no such file: ${link}`);
        else if (anchor && page && !anchors.get(page).has(anchor))
            faults.push(`no such anchor: ${link}`);
    }
    return faults;
}

// The files that the page asks for when it is opened, and then searched; the
// whole book in one file is searched with the browser.
async function loaded(page, book, name) {
    const urls = new Set();
    const note = request => urls.add(request.url().replace(/[#?].*/, ""));
    page.on("request", note);
    await page.goto(book.url(name));
    if (name !== "print") {
        await page.keyboard.press("/");
        await page.locator("#search-index").waitFor({ state: "attached" });
        await page.waitForFunction(() => typeof searchIndex !== "undefined");
        await page.keyboard.press("Escape");
    }
    page.off("request", note);
    return [...urls].filter(url => book.holds(url));
}

async function sizes(page, book, name) {
    const files = await loaded(page, book, name);
    const size = files.map(url => fs.statSync(fileURLToPath(url)).size)
        .reduce((a, b) => a + b);
    const most = name === "index" ? largest.front : largest.page;
    return size <= most ? [] : [`${size} bytes with ${files.length - 1} other `
                                + `files, at most ${most}`];
}

function scriptSizes(book) {
    return fs.readdirSync(book.folder).filter(file => file.endsWith(".js"))
        .map(file => [file, fs.statSync(path.join(book.folder, file)).size])
        .filter(([, size]) => size > largest.script)
        .map(([file, size]) => `${file} is ${size} bytes, at most `
                               + largest.script);
}

// The button beside a listing copies that listing and nothing else.
async function copies(page) {
    await page.context().grantPermissions(
        ["clipboard-read", "clipboard-write"]);
    const faults = [];
    await page.evaluate(() => {
        for (const details of document.querySelectorAll("details"))
            details.open = true;
    });
    const buttons = await page.locator(".copy").all();
    const listings = await page.locator(".code").count();
    if (buttons.length !== listings)
        faults.push(`${buttons.length} copy buttons, ${listings} listings`);
    for (const [i, button] of buttons.entries()) {
        await page.evaluate(() => navigator.clipboard.writeText("nothing"));
        await button.focus();
        await page.keyboard.press("Enter");
        const wrong = await button.evaluate(async e => {
            const listing = e.closest(".listing, .code");
            const wanted = listing.querySelector(".source").textContent;
            let got;
            for (let tries = 0; tries < 50 && got !== wanted; tries++) {
                await new Promise(done => setTimeout(done, tries));
                got = await navigator.clipboard.readText();
            }
            return got === wanted ? ""
                : `${JSON.stringify(got.slice(0, 40))} and not `
                + JSON.stringify(wanted.slice(0, 40));
        });
        if (wrong)
            faults.push(`listing ${i + 1} is copied as ${wrong}`);
    }
    return faults;
}

async function checkPages(page, book, report, chosen) {
    const anchors = new Map(), links = new Map(), titles = new Map();
    const inText = new Map();

    for (const name of book.pages) {
        await page.goto(book.url(name));
        const found = await page.evaluate(addresses);
        links.set(name, found.links);
        anchors.set(name, new Set(found.anchors));
        inText.set(name, found.inText);
        titles.set(name, await page.title());
        if (!chosen.includes(name))
            continue;
        const run = (test, body) => report.run(name, "", test, body);
        await run("structure", () => page.evaluate(structure));
        await run("ids", () => page.evaluate(ids));
        await run("names", () => page.evaluate(names));
        await run("size", () => sizes(page, book, name));
        await run("anchors in sight", () => page.evaluate(reaches));
        await run("copying", () => copies(page));
        await run("quiet while copying", async () => page.faults.splice(0));
    }
    for (const name of book.pages) {
        const twins = book.pages.filter(
            other => titles.get(other) === titles.get(name));
        report.test(name, "", "title", twins.length === 1 ? []
            : [`"${titles.get(name)}" is the title of ${twins.join(", ")}`]);
        report.test(name, "", "links",
                    linkFaults(name, links.get(name), book, anchors));
    }
    for (const name of chosen)
        report.test(name, "", "anchors in print.html", printFaults(
            name, inText.get(name), book, anchors.get("print")));
    report.test("the book", "", "scripts", scriptSizes(book));
}

module.exports = { checkPages };
