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

// Changes the book's own script, which must have what is to be changed.
const code = (from, to) => () => edit("book.js", text => {
    if (text === text.replace(from, ""))
        throw Error(`book.js has no ${from}`);
    return text.replace(from, to);
});
const page = (name, from, to) => () => {
    const own = new Book(broken).pages.find(own => own.startsWith(name));
    edit(`${own}.html`, text => text.replace(from, to));
};

// Name, what to break, the fault to expect; of a feature also its test.
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
     /theme: after the switch, the page is/, "theme"],
    ["system's theme ignored", style(":root:not([data-theme='dark']) "
        + "{ color-scheme: light !important }"),
     /theme: on a dark system, the page is light/, "theme"],
    ["theme forgotten", before("Storage.prototype.setItem = () => {}"),
     /theme: after a reload, the page is/, "theme"],
    ["theme set late", () => {
        for (const name of new Book(broken).pages)
            edit(`${name}.html`, text =>
                text.replace(/<script>try.*?<\/script>/, ""));
        script("root.dataset.theme = localStorage.getItem('theme') ?? ''")();
    }, /theme: after a reload, data-theme is .*the page flashes/, "theme"],
    ["ArrowRight dead", swallow("ArrowRight"),
     /arrow keys: ArrowRight does nothing/, "arrow keys"],
    ["ArrowLeft dead", swallow("ArrowLeft"),
     /arrow keys: ArrowLeft leads to/, "arrow keys"],
    ["arrows with Control", script("addEventListener('keydown', e => { "
        + "if (e.ctrlKey && e.key === 'ArrowRight') "
        + "document.querySelector('a[rel=next]').click(); })"),
     /arrow keys: Control\+ArrowRight turns/, "arrow keys"],
    ["sorting dead", before("addEventListener('click', e => e.target.closest("
        + "'th') && e.stopImmediatePropagation(), true)"),
     /sorting: .*aria-sort is ""/, "sorting"],
    ["sorting wrong", before("const s = Array.prototype.sort; "
        + "Array.prototype.sort = function (f) { return this[0] instanceof "
        + "HTMLTableRowElement ? this : s.call(this, f); }"),
     /sorting: table .* \| /, "sorting"],
    ["/ dead", swallow("/"), /search: \/ does not open/, "search"],
    ["nothing found", style(".search-result { display: none }"),
     /search: learning_rate: nothing found/, "search"],
    ["Enter dead", swallow("Enter"), /search: Enter leads to/, "search"],
    ["Escape dead", before("for (const t of ['keydown', 'cancel']) "
        + "addEventListener(t, e => { if (t === 'cancel' || e.key === 'Escape')"
        + " { e.stopImmediatePropagation(); e.preventDefault(); } }, true)"),
     /search: Escape does not close/, "search"],
    ["focus not given back", script("addEventListener('keydown', e => { if "
        + "(e.key === 'Escape') setTimeout(() => "
        + "document.activeElement.blur(), 20); }, true)"),
     /does not give the focus back/, "search"],
    ["? dead", swallow("?"), /keys: \? does not open/, "keys"],

    ["unknown element", body("<center>old</center>"),
     /valid HTML: line \d+: .*center/, "valid HTML"],
    ["unknown property", style("a { colr: red }"),
     /style.css .*valid HTML: line \d+: .*colr/, "valid HTML"],

    ["sizes count the index", () => edit("search-index.js", text =>
        text + `/* ${"x".repeat(29e4)} */`), /size: \d+ bytes with 3 other/],
    ["anchor out of sight", body('<p id="x" style="display: none">a</p>'),
     /anchors in sight: #x is not in sight/],
    ["anchor in a fold", body('<details><summary>a</summary><p id="x">b</p>'
        + "</details>"), /anchors in print.html: print.html has no #page-ind/],
    ["fold kept shut", both(body('<details><summary>a</summary><p id="x">b</p>'
        + "</details>"), script("document.querySelector('#x').parentNode"
        + ".addEventListener('toggle', e => { e.target.open = false; })")),
     /anchors in sight: #x is not in sight/],
    ["number without a link", body('<div class="numbered" id="x">a</div>'),
     /anchors in sight: no link to itself: #x/],

    ["no slider", script("document.querySelector('.frames input').remove()"),
     /frames: #\S+: no input/, "frames"],
    ["all frames at once", style(".frame { display: inline !important }"),
     /frames: .* at first, frame 0 and 1/, "frames"],
    ["first frame first", code("show(frames.length - 1);", "show(0);"),
     /frames: .* at first, frame 0 is seen/, "frames"],
    ["slider dead", before("addEventListener('input', e => "
        + "e.stopImmediatePropagation(), true)"),
     /frames: .* after ArrowLeft, frame/, "frames"],
    ["slider without words", code('"aria-valuetext"', '"aria-x"'),
     /frames: .* aria-valuetext is "null"/, "frames"],
    ["wrong name", code("= frames[i].dataset.name", "= 'frame'"),
     /frames: .* "frame" is under it/, "frames"],
    ["slider turns the page", code('"input, textarea, select, canvas, ',
                                   '"textarea, select, canvas, '),
     /frames: .* on the slider turns the page/, "frames"],
    ["Play dead", code("timer = setInterval(step, 800);", ""),
     /frames: .* Play shows the frames 0$/, "frames"],
    ["Play skips", code("Number(slider.value) + 1;",
                        "Math.min(Number(slider.value) + 2, slider.max);"),
     /frames: .* Play shows the frames 0, 2/, "frames"],
    ["Play goes on", both(code(/if \(next === frames.length - 1\)\s+stop/,
                               "if (0) stop"),
                          code("Number(slider.value) + 1;",
                               "(Number(slider.value) + 1) % frames.length;")),
     /frames: .* Play does not stop/, "frames"],
    ["no Stop", code("return stop();", "return;"),
     /frames: .* second press does not stop/, "frames"],

    ["bubble not seen", style(".bubble { display: none }"),
     /marks: .* a mark tells nothing/, "marks"],
    ["wrong value", code("mark ? mark.text", "mark ? mark.text + '!'"),
     /marks: .* is told, not "/, "marks"],
    ["not the nearest", code("far < least", "far < 200"),
     /marks: .* not the nearest mark/, "marks"],
    ["bubble out of the window", code("Math.max(4, Math.min(left, room))",
                                      "left - 900"),
     /marks: .* sticks out of the window/, "marks"],
    ["long bubble", style(".bubble { white-space: pre; max-width: none }"),
     /marks: .* sticks out of the window/, "marks"],
    ["bubble stays", code(/if \(event.pointerType === "mouse"\)\s+tell/,
                          "if (0) tell"),
     /marks: .* stays when the pointer leaves/, "marks"],
    ["bubble stays without focus", code('"blur"', '"x"'),
     /marks: .* stays when the focus leaves/, "marks"],
    ["marks turn the page", code("event.preventDefault();        //", "//"),
     /marks: .* on the marks turns the page/, "marks"],
    ["marks without keys", code("tell(next);", ""),
     /marks: .* leads to no mark/, "marks"],
    ["marks backwards", code("ArrowUp: -1, ArrowRight: 1",
                             "ArrowUp: -1, ArrowRight: -1"),
     /marks: .* leads to another mark/, "marks"],
    ["mark not in sight", code("next.circle.scrollIntoView", "void"),
     /marks: .* (not in sight|leads to no mark)/, "marks"],
    ["Escape does nothing", code(/if \(event.key === "Escape"\)\s+return tell/,
                                 "if (0) return tell"),
     /marks: .* Escape does not hide/, "marks"],
    ["hidden marks", code('!m.circle.closest("[display=none]")', "true"),
     /marks: .* leads to no mark/, "marks"],
    ["frame goes, mark stays", code('"frame", () => tell(null)',
                                    '"x", () => tell(null)'),
     /marks: .* when the frame changes, .* hidden frame/, "marks"],
    ["taps dead", before("for (const t of ['move', 'down']) addEventListener("
        + "`pointer${t}`, e => e.stopImmediatePropagation(), true)"),
     /taps: .* a tap on a mark tells nothing/, "taps"],
    ["tap elsewhere", both(code('event.target.closest(".figure svg")', "1"),
                           code('"blur"', '"x"')),
     /taps: .* tap elsewhere does not hide/, "taps"],

    ["no frame without script", page("02", /(<g class="frame")(?=[^>]*>)/g,
                                     '$1 display="none"'),
     /without script: .* seen alone, 0 are/, "without script"],
    ["mark without title", front(/(class="mark".*?<title>)[^<]*/, "$1"),
     /without script: 1 marks without/, "without script"],
    ["dead button", body("<button>press</button>"),
     /without script: does nothing here: .*"press"/, "without script"],
    ["contents need a script", style("#menu ~ .contents { display: none "
        + "!important }"), /without script: Space on #menu/, "without script"],

    ["printed folded", before("addEventListener('beforeprint', e => "
        + "e.stopImmediatePropagation())"),
     /printing: \d+ details are printed closed/, "printing"],
    ["left unfolded", before("addEventListener('afterprint', e => "
        + "e.stopImmediatePropagation())"),
     /printing: \d+ details are not as before/, "printing"],
    ["slider on paper", style("@media print { .frames { display: flex } }"),
     /printing: on paper: .*\.frames/, "printing"],
    ["bubble on paper", style("@media print { .bubble { display: block } }"),
     /printing: on paper: div\.bubble/, "printing"],
    ["pager on paper", style("@media print { .pager { display: flex } }"),
     /printing: on paper: nav\.pager/, "printing"],
    ["wide on paper", body('<div style="width: 2000px">wide</div>'),
     /printing: on paper, \d+ px wide in 604/, "printing"],
    ["cut on paper", body('<div style="overflow: hidden">'
        + '<div style="width: 2000px">wide</div></div>'),
     /printing: cut off on paper/, "printing"],
    ["dark paper", style("@media print { :root { --paper: #222 !important } }"),
     /printing: the paper is not white/, "printing"],

    ["pale text", style(":root { --muted: #999 }"),
     /colours: --muted on --paper: contrast 2/, "colours"],
    ["pale line", style(":root { --c4: light-dark(#eeb, #dd93bd) }"),
     /colours: --c4 on --paper: contrast 1/, "colours"],
    ["like colours", style(":root { --c2: #a0752d; --c3: #8c7f33 }"),
     /colours: --c2 and --c3 are \S+ apart with/, "colours"],
];

const narrow = views.filter(view => view.name === "390 light");
const dark = views.filter(view => view.name === "1280 dark");
const chosen = feature =>
    /marks|without script/.test(feature) ? narrow : dark;

// The page index.html, or the test of a feature, on some pages that have it.
async function test(browser, feature) {
    const book = new Book(broken);
    const some = book.pages.filter(name => /^(index|02)/.test(name));
    return check(browser, book, feature
        ? { pages: some, views: chosen(feature), features: true, only: feature }
        : { pages: ["index"], views: narrow });
}

function copyBook() {
    fs.rmSync(broken, { recursive: true, force: true });
    fs.cpSync(source, broken, { recursive: true });
}

async function main() {
    const word = process.argv[2] ?? "";
    const browser = await launch();
    const usual = new Map();                 // what is found without a break
    let seen = 0, missed = 0;

    for (const [name, breach, expected, feature = ""] of breaks) {
        if (!name.includes(word))
            continue;
        if (!usual.has(feature)) {
            copyBook();
            usual.set(feature, await test(browser, feature));
        }
        if (usual.get(feature).skipped.some(
            line => line.startsWith(`skipped  ${feature}:`))) {
            console.log(`skipped  ${name}: ${feature} was skipped`);
            continue;
        }
        copyBook();
        breach();
        const report = await test(browser, feature);
        const fresh = report.lines().filter(line =>
            !usual.get(feature).lines().includes(line));
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
