// SPDX-License-Identifier: MIT
// Can the browser tests fail? Breaks a copy of the book in one way after the
// other and expects the fault that belongs to it:
//
//     BOOK=build/book node tests/browser/can_fail.js [word in the name]
"use strict";

const fs = require("node:fs");
const path = require("node:path");
const { Book, launch, root, views } = require("./browser.js");
const { check } = require("./run.js");

const source = process.env.BOOK || path.join(root, "build/book");
const broken = path.join(root, "build/browser/broken");

const edit = (file, change) => {
    const at = path.join(broken, file);
    fs.writeFileSync(at, change(fs.readFileSync(at, "utf8")));
};
const front = (from, to) => () =>
    edit("index.html", text => text.replace(from, to));
const body = html => front("</main>", `${html}</main>`);
const style = css => () => edit("style.css", text => `${text}\n${css}`);
const script = js => () => edit("book.js", text => `${text}\n{ ${js} }`);
const before = js => () => edit("book.js", text =>
    text.replace('"use strict";', `"use strict"; { ${js} }`));
const swallow = key => before(`addEventListener("keydown", e => {
    if (e.key === "${key}") { e.stopImmediatePropagation();
    e.preventDefault(); } }, true);`);
const both = (...steps) => () => steps.forEach(step => step());

// Name, what to break, the fault to expect; whether it is a feature, and the
// test that must not have been skipped.
const breaks = [
    ["console error", script("console.error('a fault')"),
     /quiet: console error: a fault/],
    ["console warning", script("console.warn('a fault')"),
     /quiet: console warning: a fault/],
    ["script error", script("setTimeout(() => { throw Error('a fault'); })"),
     /quiet: script error: a fault/],
    ["lost image", body('<img alt="a lost image" src="gone.png">'),
     /quiet: failed request: .*gone.png/],
    ["lost image, link", body('<img alt="a lost image" src="gone.png">'),
     /links: no such file: gone.png/],
    ["image from afar", body('<img alt="far away" src="https://a.invalid/a">'),
     /quiet: request that leaves the book: https:/],
    ["image from elsewhere", body('<img alt="far away" src="../../a.png">'),
     /quiet: request that leaves the book: file:/],
    ["too wide", body('<div style="width: 2000px">wide</div>'),
     /fits the window: \d+ px wide in 390: .*"wide"/],
    ["too wide inside", body('<details><summary>more</summary>'
        + '<div style="width: 2000px">wide</div></details>'),
     /fits the window, all opened: \d+ px wide/],
    ["cut off", both(style("html { overflow-x: hidden }"),
                     body('<div style="width: 2000px">wide</div>')),
     /fits the window: cut off: .*"wide"/],
    ["link to no page", body('<a href="99-none.html">gone</a>'),
     /links: no such file: 99-none/],
    ["link to no anchor", body('<a href="your-experiments.html#none">a</a>'),
     /links: no such (anchor|file): your-experiments.html#none/],
    ["link to no anchor here", body('<a href="#none">a</a>'),
     /links: no such anchor: #none/],
    ["link out", body('<a href="../index.html">a</a>'),
     /links: leads out of the book/],
    ["absolute link", body('<a href="/index.html">a</a>'),
     /links: not a relative address/],
    ["id twice", body('<p id="twin">a</p><p id="twin">b</p>'),
     /ids: id "twin"/],
    ["label for nothing", body('<label for="none">a</label>'),
     /ids: label for refers to #none/],
    ["svg use of nothing", body('<svg role="img" aria-label="a drawing">'
        + '<use href="#none"/></svg>'), /ids: svg use refers to #none/],
    ["svg fill of nothing", body('<svg role="img" aria-label="a drawing">'
        + '<rect fill="url(#none)"/></svg>'), /ids: svg rect fill refers to/],
    ["second h1", body("<h1>Another</h1>"), /structure: 2 h1/],
    ["no main", front(/<(\/?)main/g, "<$1div"), /structure: 0 main/],
    ["no footer", front(/<(\/?)footer/g, "<$1div"), /structure: 0 footer/],
    ["no header", front(/<(\/?)header/g, "<$1div"), /structure: 0 header/],
    ["no nav", front(/<(\/?)nav/g, "<$1div"), /structure: 0 nav/],
    ["level left out", body("<h2>a</h2><h4>b</h4>"),
     /structure: h4 after h2/],
    ["no lang", front(/ lang="[^"]*"/, ""), /structure: no lang/],
    ["no title", front(/<title>.*<\/title>/, ""), /structure: no title/],
    ["title twice", () => fs.copyFileSync(path.join(broken, "index.html"),
                                          path.join(broken, "twin.html")),
     /title: .* is the title of index, twin/],
    ["image without name", body('<img src="data:image/gif;base64,R0lGODlhAQABA'
        + 'AAAACwAAAAAAQABAAA=">'), /names: no name: img/],
    ["svg without role", body('<svg aria-label="a drawing"></svg>'),
     /names: no role=img: svg/],
    ["empty name", body('<svg role="img" aria-label="figure"></svg>'),
     /names: "figure" says nothing: svg/],
    ["figure without caption",
     body("<figure><table><tr><td>1</table></figure>"),
     /names: no name: figure/],
    ["front page too large", body(`<!-- ${"x".repeat(4e5)} -->`),
     /size: \d+ bytes/],
    ["script too large", script(`/* ${"x".repeat(3e5)} */`),
     /scripts: book.js is/],
    ["contrast", body('<p style="color: #999; background: #aaa">grey</p>'),
     /axe: color-contrast/],
    ["button without name", body("<button></button>"), /axe: button-name/],
    ["click without focus", body('<span onclick="alert()">press</span>'),
     /keyboard: can be clicked but not focused: .*"press"/],
    ["listener without focus", both(body('<span class="x">press</span>'),
        script("document.querySelector('.x').addEventListener('click', "
               + "() => {})")),
     /keyboard: can be clicked but not focused: .*"press"/],
    ["click without key", both(body('<span tabindex="0" id="x">press</span>'),
        script("document.querySelector('#x').addEventListener('click', "
               + "() => {})")), /keyboard: hears clicks but no keys: #x/],
    ["out of Tab's reach", body('<button id="x" tabindex="-1">press</button>'),
     /keyboard: Tab does not reach #x/],
    ["Tab is kept", both(body('<button id="x">press</button>'),
        script("document.querySelector('#x').addEventListener('keydown', "
               + "e => e.preventDefault())")),
     /keyboard: Tab does not leave #x/],
    ["focus not shown", style("a:focus-visible { outline: none }"),
     /keyboard: does not show the focus/],
    ["focus cut off", body('<div style="overflow: hidden; display: grid">'
        + '<button id="x" style="margin: 0">press</button></div>'),
     /keyboard: does not show the focus: #x/],
    ["focus out of sight", body('<button id="x" style="position: absolute; '
        + 'left: -99rem">press</button>'),
     /keyboard: is out of sight with the focus: #x/],
    ["transparent", body('<button id="x" style="opacity: 0">press</button>'),
     /keyboard: is transparent with the focus: #x/],
    ["no skip link", front(/<a class="skip".*<\/a>/, ""),
     /skip link: the first Tab does not meet/],
    ["skip link to nowhere", front(/(<a class="skip" href=")[^"]*/, "$1#x"),
     /skip link: after the skip link, Tab is not in the text/],
    ["hidden skip link", style(".skip:focus { left: -99rem }"),
     /skip link: the skip link is not in sight/],
    ["contents closed", swallow(" "), /contents by keyboard: Space/],
    ["no copy button", script("document.querySelector('.copy').remove()"),
     /copying: \d+ copy buttons, \d+ listings/],
    ["copies too much", before("const c = navigator.clipboard, "
        + "w = c.writeText.bind(c); c.writeText = t => w('1 ' + t)"),
     /copying: listing 1 is copied as "1 /],

    ["theme switch dead", style(":root[data-theme] { color-scheme: inherit; }"
        + ":root { color-scheme: light dark !important }"),
     /theme: after the switch, the page is/, true],
    ["system's theme ignored", style(":root:not([data-theme='dark']) "
        + "{ color-scheme: light !important }"),
     /theme: on a dark system, the page is light/, true],
    ["theme forgotten", before("Storage.prototype.setItem = () => {}"),
     /theme: after a reload, the page is/, true],
    ["theme set late", () => {
        for (const name of new Book(broken).pages)
            edit(`${name}.html`, text =>
                text.replace(/<script>try.*?<\/script>/, ""));
        script("root.dataset.theme = localStorage.getItem('theme') ?? ''")();
    }, /theme: after a reload, data-theme is .*the page flashes/, true],
    ["ArrowRight dead", swallow("ArrowRight"),
     /arrow keys: ArrowRight does nothing/, true],
    ["ArrowLeft dead", swallow("ArrowLeft"),
     /arrow keys: ArrowLeft leads to/, true],
    ["arrows with Control", script("addEventListener('keydown', e => { "
        + "if (e.ctrlKey && e.key === 'ArrowRight') "
        + "document.querySelector('a[rel=next]').click(); })"),
     /arrow keys: Control\+ArrowRight turns/, true],
    ["sorting dead", before("addEventListener('click', e => e.target.closest("
        + "'th') && e.stopImmediatePropagation(), true)"),
     /sorting: .*aria-sort is ""/, true, "sorting"],
    ["sorting wrong", before("const s = Array.prototype.sort; "
        + "Array.prototype.sort = function (f) { return this[0] instanceof "
        + "HTMLTableRowElement ? this : s.call(this, f); }"),
     /sorting: table .* \| /, true, "sorting"],
    ["/ dead", swallow("/"), /search: \/ does not open/, true, "search"],
    ["nothing found", style(".search-result { display: none }"),
     /search: learning_rate: nothing found/, true, "search"],
    ["Enter dead", swallow("Enter"), /search: Enter leads to/, true,
     "search"],
    ["Escape dead", before("for (const t of ['keydown', 'cancel']) "
        + "addEventListener(t, e => { if (t === 'cancel' || e.key === 'Escape')"
        + " { e.stopImmediatePropagation(); e.preventDefault(); } }, true)"),
     /search: Escape does not close/, true, "search"],
    ["focus not given back", script("addEventListener('keydown', e => { if "
        + "(e.key === 'Escape') setTimeout(() => "
        + "document.activeElement.blur(), 20); }, true)"),
     /does not give the focus back/, true, "search"],
    ["? dead", swallow("?"), /keys: \? does not open/, true, "list of keys"],
];

const narrow = views.filter(view => view.name === "390 light");
const dark = views.filter(view => view.name === "1280 dark");

async function test(browser, feature) {
    return check(browser, new Book(broken), {
        pages: feature ? [] : ["index"], views: feature ? dark : narrow,
        screens: "", features: feature,
    });
}

function copyBook() {
    fs.rmSync(broken, { recursive: true, force: true });
    fs.cpSync(source, broken, { recursive: true });
}

async function main() {
    const word = process.argv[2] ?? "";
    const browser = await launch();
    copyBook();
    const usual = { true: await test(browser, true),
                    false: await test(browser, false) };
    const known = { true: usual.true.lines(), false: usual.false.lines() };
    let seen = 0, missed = 0;

    for (const [name, breach, expected, feature = false, needs] of breaks) {
        if (!name.includes(word))
            continue;
        if (needs && usual.true.skipped.some(line => line.includes(needs))) {
            console.log(`skipped  ${name}: the book has no ${needs}`);
            continue;
        }
        copyBook();
        breach();
        const report = await test(browser, feature);
        const fresh = report.lines().filter(line =>
            !known[feature].includes(line));
        if (fresh.some(line => expected.test(line))) {
            seen++;
        } else {
            missed++;
            console.log(`MISSED  ${name}; found ${fresh.join("; ")
                || "nothing"}`.slice(0, 600));
        }
    }
    fs.rmSync(broken, { recursive: true, force: true });
    await browser.close();
    console.log(`${seen} breaks seen, ${missed} missed`);
    process.exitCode = missed ? 1 : 0;
}

main().catch(e => {
    console.error(e);
    process.exit(1);
});
