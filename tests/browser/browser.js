// SPDX-License-Identifier: MIT
// The book's folder, and the browser that opens it.
"use strict";

const fs = require("node:fs");
const path = require("node:path");
const { createRequire } = require("node:module");
const { pathToFileURL, fileURLToPath } = require("node:url");

const root = path.join(__dirname, "..", "..");
const installed = path.join(root, "build", "browser");   // by `npm ci`
const need = createRequire(path.join(installed, "package.json"));

const views = [];
for (const width of [1280, 390])
    for (const theme of ["light", "dark"])
        views.push({ width, theme, name: `${width} ${theme}` });

function stop(message) {
    console.error(message);
    process.exit(1);
}

function chromiumPath() {
    const own = process.env.CHROMIUM;
    if (own)
        return fs.existsSync(own) ? own : stop(`CHROMIUM=${own}: no such file`);
    const folders = (process.env.PATH ?? "").split(path.delimiter);
    for (const name of ["chromium", "chromium-browser", "google-chrome"])
        for (const folder of folders)
            if (fs.existsSync(path.join(folder, name)))
                return path.join(folder, name);
    stop("no Chromium on the PATH: install the package chromium, or name the "
         + "program with CHROMIUM=path");
}

async function launch() {
    let playwright;
    try {
        playwright = need("playwright-core");
    } catch (e) {
        stop("build/browser: no playwright-core there; "
             + "`make test-browser` installs it");
    }
    return playwright.chromium.launch({ executablePath: chromiumPath() });
}

const axePath = () => need.resolve("axe-core/axe.min.js");

class Book {
    constructor(folder) {
        this.folder = path.resolve(folder);
        if (!fs.existsSync(path.join(this.folder, "index.html")))
            stop(`${folder}: no index.html there; \`make book\` builds it`);
        this.pages = fs.readdirSync(this.folder).sort()
            .filter(name => name.endsWith(".html"))
            .map(name => name.slice(0, -".html".length));
        this.chapters = this.pages.filter(name => /^\d/.test(name));
    }

    url(page) {
        return pathToFileURL(path.join(this.folder, `${page}.html`)).href;
    }

    text(page) {
        return fs.readFileSync(path.join(this.folder, `${page}.html`), "utf8");
    }

    // The page that a URL shows, "" when it is not one of the book.
    pageOf(url) {
        const { protocol, pathname } = new URL(url);
        const name = path.basename(decodeURIComponent(pathname), ".html");
        const same = protocol === "file:" && pathname
            === new URL(this.url(name)).pathname;
        return same && this.pages.includes(name) ? name : "";
    }

    holds(url) {
        if (!url.startsWith("file:"))
            return false;
        const file = path.relative(this.folder, fileURLToPath(url));
        return !file.startsWith("..") && !path.isAbsolute(file);
    }
}

// What every page must not do, noted as it happens.
function watch(page, book) {
    const faults = [];
    const short = url => url.length > 90 ? `${url.slice(0, 90)}...` : url;

    page.on("console", message => {
        if (["error", "warning"].includes(message.type()))
            faults.push(`console ${message.type()}: ${message.text()}`);
    });
    page.on("pageerror", e => faults.push(`script error: ${e.message}`));
    page.on("requestfailed", request => faults.push(
        `failed request: ${short(request.url())}`));
    page.on("request", request => {
        const url = request.url();
        if (!url.startsWith("data:") && !book.holds(url))
            faults.push(`request that leaves the book: ${short(url)}`);
    });
    return faults;
}

// A fresh window, without network and without anything remembered.
async function open(browser, book, view, options = {}) {
    const context = await browser.newContext({
        viewport: { width: view.width, height: view.width > 600 ? 800 : 844 },
        colorScheme: view.theme,
        reducedMotion: "reduce",
        offline: true,
        ...options,
    });
    context.setDefaultTimeout(10000);
    const page = await context.newPage();
    page.faults = watch(page, book);
    return page;
}

module.exports = { Book, axePath, launch, need, open, root, views };
