// SPDX-License-Identifier: MIT
// Figures that answer: frames with a slider, marks that tell their values, and
// what is left of both without JavaScript.
"use strict";

const { installTools, openAll, openContents, tooWide } =
    require("./view.js");

const pause = page => page.waitForTimeout(40);
const still = (page, book, name) => book.pageOf(page.url()) === name;

// ---- Frames ----

const hasFrames = (book, name) => book.text(name).includes('class="frame"');

const stateOf = figure => figure.evaluate(figure => {
    const frames = [...figure.querySelectorAll("svg > .frame")];
    const slider = figure.querySelector("input[type=range]");
    return {
        shown: [...frames.keys()].filter(i => frames[i].getClientRects().length)
            .join(" and ") || "none",
        value: slider.value,
        words: slider.getAttribute("aria-valuetext"),
        name: figure.querySelector("output").textContent,
        button: figure.querySelector(".frames button").textContent,
    };
});

// What differs when frame i, with that name, is wanted.
function frameFaults(state, i, name) {
    const faults = [];
    if (state.shown !== String(i))
        faults.push(`frame ${state.shown} is seen, not ${i}`);
    if (state.value !== String(i))
        faults.push(`the slider is at ${state.value}, not ${i}`);
    if (state.name !== name)
        faults.push(`"${state.name}" is under it, not "${name}"`);
    if (state.words !== name)
        faults.push(`aria-valuetext is "${state.words}", not "${name}"`);
    return faults;
}

// Plays and notes each frame that is seen, until the button says Play again.
async function played(page, figure) {
    const met = [];
    for (let step = 0; step < 200; step++) {
        const { shown, button } = await stateOf(figure);
        if (shown !== met.at(-1))
            met.push(shown);
        if (button === "Play")
            break;
        await page.clock.runFor(200);
    }
    return met.join(", ");
}

async function playFaults(page, figure, names) {
    const faults = [];
    const play = figure.locator(".frames button");
    const all = [...names.keys()].join(", ");

    await play.press("Enter");
    const met = await played(page, figure);
    if (met !== all)
        faults.push(`Play shows the frames ${met}`);
    await page.clock.runFor(5000);
    const { shown, button } = await stateOf(figure);
    if (shown !== String(names.length - 1) || button !== "Play")
        faults.push(`Play does not stop: frame ${shown}, "${button}"`);

    await play.press("Enter");
    await play.press("Enter");
    await page.clock.runFor(5000);
    if ((await stateOf(figure)).shown !== "0")
        faults.push("a second press does not stop it");
    return faults;
}

async function framesOf(page, book, name, figure) {
    const slider = figure.locator(".frames input[type=range]");
    const names = await figure.locator("svg > .frame").evaluateAll(
        frames => frames.map(frame => frame.dataset.name));
    const last = names.length - 1;
    const faults = [];

    if (names.length < 2)                  // print.html has the last alone
        return faults;
    for (const part of ["input[type=range]", "button", "output"])
        if (await figure.locator(`.frames ${part}`).count() !== 1)
            faults.push(`no ${part} under it`);
    if (faults.length)
        return faults;
    const want = async (when, i) => faults.push(
        ...frameFaults(await stateOf(figure), i, names[i])
            .map(what => `${when}, ${what}`));

    await want("at first", last);
    await slider.focus();
    for (const [key, i] of [["ArrowLeft", last - 1], ["Home", 0],
                            ["ArrowRight", 1], ["End", last]]) {
        await page.keyboard.press(key);
        await pause(page);
        if (!still(page, book, name))
            return [...faults, `${key} on the slider turns the page`];
        await want(`after ${key}`, i);
    }
    return [...faults, ...await playFaults(page, figure, names)];
}

// The faults of every figure that holds this part; figure by figure, while the
// page stays the same.
async function eachFigure(page, book, name, part, faultsOf) {
    const faults = [];

    await page.evaluate(openAll);
    for (const figure of await page.locator(`.figure:has(${part})`).all()) {
        const id = await figure.getAttribute("id");
        const found = await faultsOf(figure);
        faults.push(...new Set(found.map(what => `#${id}: ${what}`)));
        if (!still(page, book, name))
            break;
    }
    return faults;
}

async function checkFrames(page, book, name) {
    await page.clock.install();
    await page.goto(book.url(name));
    // Time for Play is ours. An hour ahead: on a busy machine the page's clock
    // may have passed the next second before it is told to stop.
    await page.clock.pauseAt(Date.now() + 3600 * 1000);
    return eachFigure(page, book, name, ".frame",
                      figure => framesOf(page, book, name, figure));
}

// ---- Marks ----

const hasMarks = (book, name) => book.text(name).includes('class="mark"');

// The text of every mark, as the page has it before any script; and helpers.
function installMarks(html) {
    const asWritten = new DOMParser().parseFromString(html, "text/html");
    const words = [...asWritten.querySelectorAll(".mark")].map(
        mark => mark.querySelector("title")?.textContent ?? "");
    const marks = [...document.querySelectorAll(".mark")];

    const place = mark => {
        const { x, y } = new DOMPoint(mark.getAttribute("cx"),
                                      mark.getAttribute("cy"))
            .matrixTransform(mark.ownerSVGElement.getScreenCTM());
        return { x, y };
    };
    const hidden = mark => mark.getClientRects().length === 0;
    const within = (inner, outer) => inner.left > outer.left - 1
        && inner.right < outer.right + 1 && inner.top > outer.top - 1
        && inner.bottom < outer.bottom + 1;
    const page = () => ({ left: 0, top: 0, bottom: innerHeight,
                          right: document.documentElement.clientWidth });

    // What the bubble says now, and what is wrong with that.
    const told = () => {
        const bubble = document.querySelector(".bubble");
        const says = bubble.checkVisibility({ visibilityProperty: true })
            ? bubble.textContent : "";
        const now = marks.filter(mark => mark.classList.contains("told"));
        const faults = [];
        const i = marks.indexOf(now[0]);
        if (says && now.length !== 1)
            faults.push(`${now.length} marks are told`);
        else if (says && says !== words[i])
            faults.push(`"${says}" is told, not "${words[i]}"`);
        if (says && now.some(hidden))
            faults.push("the mark of a hidden frame is told");
        if (says && !within(bubble.getBoundingClientRect(), page()))
            faults.push("the bubble sticks out of the window");
        return { mark: says ? i : -1, faults };
    };
    const inSight = i => {
        const box = marks[i].getBoundingClientRect();
        return within(box, page()) && within(box, marks[i]
            .closest(".scroll").getBoundingClientRect());
    };
    window.markTools = { marks, place, hidden, told, inSight };
}

// The marks of a figure: all that are seen, the outermost of those, and some
// that are in hidden frames.
const marksOf = figure => figure.evaluate(figure => {
    const { marks, place, hidden } = window.markTools;
    const own = [...figure.querySelectorAll(".mark")];
    const seen = own.filter(mark => !hidden(mark));
    const unseen = own.filter(hidden);
    const by = key => [...seen].sort(
        (a, b) => place(a)[key] - place(b)[key]);
    const [across, down] = [by("x"), by("y")];
    const index = list => [...new Set(list)].map(mark => marks.indexOf(mark));
    return {
        seen: index(seen),
        edges: index([across[0], across.at(-1), down[0], down.at(-1)]),
        hidden: index(unseen.filter((_, i) =>
            i % Math.ceil(unseen.length / 8) === 0)),
    };
});

// Brings a mark into the middle of the window; where it is then.
const bring = (page, i) => page.evaluate(i => {
    const { marks, place } = window.markTools;
    const centre = { block: "center", inline: "center", behavior: "instant" };
    marks[i].ownerSVGElement.scrollIntoView(centre);
    marks[i].scrollIntoView(centre);
    return place(marks[i]);
}, i);

const toldNow = page => page.evaluate(() => window.markTools.told());

// Which of two marks is nearer to a point? Not the wanted one: a fault.
const nearer = (page, wanted, told, at) => page.evaluate(
    ([wanted, told, at]) => {
        const { marks, place } = window.markTools;
        const far = i => Math.hypot(place(marks[i]).x - at.x,
                                    place(marks[i]).y - at.y);
        return far(told) > far(wanted) + .5;
    }, [wanted, told, at]);

async function pointerFaults(page, { edges }) {
    const faults = [];
    for (const i of edges) {
        const { x, y } = await bring(page, i);
        const at = { x: x + 3, y: y + 2 };
        await pause(page);
        await page.mouse.move(at.x, at.y);
        const now = await toldNow(page);
        faults.push(...now.faults.map(f => `under the pointer, ${f}`));
        if (now.mark < 0)
            faults.push("under the pointer, a mark tells nothing");
        else if (await nearer(page, i, now.mark, at))
            faults.push("under the pointer, not the nearest mark is told");
        await page.mouse.move(1, 1);
        if ((await toldNow(page)).mark >= 0)
            faults.push("the bubble stays when the pointer leaves");
    }
    return faults;
}

async function keyFaults(page, book, name, figure, { seen }) {
    const faults = [];
    const steps = [...seen.slice(0, 6).map(i => ["ArrowRight", i]),
                   ...seen.slice(0, 5).reverse().slice(seen.length < 6)
                       .map(i => ["ArrowUp", i]),
                   ["ArrowLeft", seen.at(-1)], ["ArrowDown", seen[0]]];

    await figure.locator("svg").focus();
    for (const [key, i] of steps) {
        await page.keyboard.press(key);
        await pause(page);
        if (!still(page, book, name))
            return [...faults, `${key} on the marks turns the page`];
        const now = await toldNow(page);
        faults.push(...now.faults.map(f => `after ${key}, ${f}`));
        if (now.mark !== i)
            return [...faults, `${key} leads to ${now.mark < 0 ? "no mark"
                : "another mark"}`];
        if (!await page.evaluate(i => window.markTools.inSight(i), i))
            faults.push(`${key} leads to a mark that is not in sight`);
    }
    await page.keyboard.press("Escape");
    if ((await toldNow(page)).mark >= 0)
        faults.push("Escape does not hide the bubble");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Tab");
    if ((await toldNow(page)).mark >= 0)
        faults.push("the bubble stays when the focus leaves");
    return faults;
}

// The pointer rests on a mark while the frames change under it; then it visits
// the places of marks that are hidden now.
async function hiddenFaults(page, figure) {
    const { seen, hidden } = await marksOf(figure);
    const faults = [];
    const slider = figure.locator(".frames input");

    if (hidden.length === 0)
        return [];
    const at = await bring(page, seen.at(-1));
    await pause(page);
    await page.mouse.move(at.x, at.y);
    await slider.evaluate(e => e.focus({ preventScroll: true }));
    await page.keyboard.press("Home");
    faults.push(...(await toldNow(page)).faults.map(
        f => `when the frame changes, ${f}`));
    for (const i of (await marksOf(figure)).hidden) {
        const { x, y } = await bring(page, i);
        await page.mouse.move(x, y);
        faults.push(...(await toldNow(page)).faults);
    }
    await page.mouse.move(1, 1);
    return faults;
}

async function marksFaults(page, book, name, figure) {
    const own = await marksOf(figure);
    const found = [...await pointerFaults(page, own),
        ...await keyFaults(page, book, name, figure, own)];

    return still(page, book, name)
        ? [...found, ...await hiddenFaults(page, figure)] : found;
}

async function checkMarks(page, book, name) {
    await page.goto(book.url(name));
    await page.evaluate(installMarks, book.text(name));
    return eachFigure(page, book, name, ".mark",
                      figure => marksFaults(page, book, name, figure));
}

async function tapFaults(page, figure) {
    const { edges } = await marksOf(figure);
    const { x, y } = await bring(page, edges[0]);
    await pause(page);
    await page.touchscreen.tap(x, y);
    const now = await toldNow(page);
    const faults = now.faults.map(f => `after a tap, ${f}`);

    if (now.mark < 0)
        faults.push("a tap on a mark tells nothing");
    await page.touchscreen.tap(2, y);                     // beside the figure
    if ((await toldNow(page)).mark >= 0)
        faults.push("a tap elsewhere does not hide the bubble");
    return faults;
}

// A window that is touched: see `touch` in run.js.
async function checkTaps(page, book, name) {
    await page.goto(book.url(name));
    await page.evaluate(installMarks, book.text(name));
    return eachFigure(page, book, name, ".mark",
                      figure => tapFaults(page, figure));
}

// ---- Without JavaScript ----

// A browser without scripts shows the last frame and the titles of the marks,
// and nothing that would only work with a script.
function bare() {
    const faults = [];
    for (const svg of document.querySelectorAll("svg:has(> .frame)")) {
        const frames = [...svg.querySelectorAll(":scope > .frame")];
        const shown = frames.filter(f => f.getClientRects().length);
        if (shown.length !== 1 || shown[0] !== frames.at(-1))
            faults.push(`#${svg.closest("[id]").id}: the last frame should be `
                        + `seen alone, ${shown.length} are`);
    }
    const dumb = [...document.querySelectorAll(".mark")].filter(
        mark => !mark.querySelector("title")?.textContent.trim());
    if (dumb.length)
        faults.push(`${dumb.length} marks without a title`);
    for (const e of document.querySelectorAll(
        "button, input[type=range], .bubble, .frames, dialog"))
        if (window.tools.visible(e))
            faults.push(`does nothing here: ${window.tools.named(e)}`);
    if (!document.querySelector("main p")?.checkVisibility())
        faults.push("no text");
    return faults;
}

async function checkWithoutScript(page, book, name) {
    await page.goto(book.url(name));
    await page.evaluate(installTools);
    const faults = [...await page.evaluate(bare),
                    ...await page.evaluate(tooWide)];
    return [...faults, ...await openContents(page)];
}

module.exports = { checkFrames, checkMarks, checkTaps, checkWithoutScript,
                   hasFrames, hasMarks };
