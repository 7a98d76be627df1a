// SPDX-License-Identifier: MIT
// Is it HTML, and is the style sheet CSS? Asks the Nu checker, where there is
// Java.
"use strict";

const { execFile } = require("node:child_process");
const path = require("node:path");
const { fileURLToPath } = require("node:url");
const { need } = require("./browser.js");

// What the checker does not know yet.
const tooNew = [/Unrecognized at-rule “@property”/];

const run = (program, args) => new Promise(done => execFile(program, args,
    { maxBuffer: 1 << 26 }, (error, out, err) => done({ error, out, err })));

async function messages(args) {
    const jar = need.resolve("vnu-jar/build/dist/vnu.jar");
    const { out, err } = await run("java", ["-Xss4m", "-jar", jar,
        "--format", "json", "--stdout", ...args]);
    if (!out)
        throw Error(`the Nu checker says nothing: ${err}`);
    return JSON.parse(out).messages.filter(
        ({ message }) => !tooNew.some(known => known.test(message)));
}

async function checkValid(book, report) {
    if ((await run("java", ["-version"])).error) {
        report.skip("valid HTML", "no java");
        return;
    }
    const file = name => path.join(book.folder, name);
    const pages = book.pages.map(name => file(`${name}.html`));
    const found = [...await messages(pages),
                   ...await messages(["--css", file("style.css")])];
    for (const name of [...book.pages.map(name => `${name}.html`), "style.css"])
        report.test(name.replace(".html", ""), "", "valid HTML", found
            .filter(m => m.url && fileURLToPath(m.url) === file(name))
            .map(m => `line ${m.lastLine}: ${m.message}`));
    report.test("the book", "", "valid HTML", found.filter(m => !m.url)
        .map(m => m.message));
}

module.exports = { checkValid };
