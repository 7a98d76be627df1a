// SPDX-License-Identifier: MIT
// One page in one view: is it quiet, does it fit, does axe find fault, can a
// keyboard do everything?
"use strict";

const fs = require("node:fs");
const path = require("node:path");
const { axePath } = require("./browser.js");

const tallest = 12000;         // Chromium cannot draw more than 16384 at once

// Notes which elements hear a click, before the page's own scripts run.
function noteListeners() {
    const clicked = window.clickListeners = new Set();
    const typed = window.keyListeners = new Set();
    const add = EventTarget.prototype.addEventListener;

    EventTarget.prototype.addEventListener = function (type, ...rest) {
        if (this instanceof Element) {
            if (/^(click|mousedown|pointerdown)$/.test(type))
                clicked.add(this);
            if (/^key(down|up)$/.test(type))
                typed.add(this);
        }
        return add.call(this, type, ...rest);
    };
}

// Small helpers in the page, which the checks below use.
function installTools() {
    const named = element => {
        if (element.id)
            return `#${element.id}`;
        const kind = element.classList.length
            ? `${element.localName}.${[...element.classList].join(".")}`
            : element.localName;
        const words = element.textContent.trim().replace(/\s+/g, " ");
        const near = element.parentElement?.closest("[id]");
        return (near ? `#${near.id} ` : "") + kind
            + (words && words.length < 40 ? ` "${words}"` : "");
    };
    const visible = element => element.checkVisibility(
        { visibilityProperty: true }) && element.getClientRects().length > 0;
    const clips = element =>
        getComputedStyle(element).overflowX !== "visible";

    window.tools = { named, visible, clips };
}

// What sticks out to the right: the outermost elements nothing clips.
function tooWide() {
    const { named, clips } = window.tools;
    const root = document.documentElement;
    const room = root.clientWidth;
    const out = [];

    for (const element of document.body.querySelectorAll("*")) {
        const box = element.getBoundingClientRect();
        if (box.right <= room + 1 || box.width === 0
            || element.closest("svg, math") !== null
            && element.parentElement.closest("svg, math") !== null)
            continue;
        let outer = element.parentElement;
        while (outer !== document.body && !clips(outer)
               && !out.includes(outer))
            outer = outer.parentElement;
        if (outer === document.body)
            out.push(element);
    }
    const hidden = [root, document.body].some(e =>
        /hidden|clip/.test(getComputedStyle(e).overflowX));
    if (root.scrollWidth <= room && !(hidden && out.length))
        return [];
    return [`${hidden ? "cut off" : `${root.scrollWidth} px wide in ${room}`}: `
            + out.slice(0, 3).map(named).join(", ")];
}

function openAll() {
    for (const details of document.querySelectorAll("details")) {
        details.removeAttribute("name");
        details.open = true;
    }
}

async function runAxe(page, context) {
    await page.evaluate(fs.readFileSync(axePath(), "utf8"));
    const violations = await page.evaluate(async where => {
        // All rules but those of level AAA.
        const rules = {};
        for (const rule of axe.getRules())
            rules[rule.ruleId] = { enabled: !rule.tags.includes("wcag2aaa") };
        const found = await axe.run(where ?? document, {
            rules, resultTypes: ["violations"], preload: false,
        });
        return found.violations.map(rule => ({
            id: rule.id, impact: rule.impact, help: rule.help,
            count: rule.nodes.length,
            targets: rule.nodes.slice(0, 3).map(node => {
                const why = [...node.any, ...node.all, ...node.none]
                    .map(check => check.data?.contrastRatio)
                    .filter(Boolean)[0];
                return node.target.join(" ") + (why ? ` (${why})` : "");
            }),
        }));
    }, context);
    return violations.map(v => `${v.id}, ${v.impact}, ${v.count} × `
        + `${v.help}: ${v.targets.join("; ")}`);
}

// On a narrow window the contents hide behind a control.
async function openContents(page) {
    const seen = () => page.evaluate(() => {
        const link = document.querySelector("nav a");
        return link !== null && window.tools.visible(link);
    });
    if (await seen())
        return [];
    if (await page.locator("#menu").count() === 0)
        return ["the contents are hidden and there is no #menu to open them"];
    await page.locator("#menu").focus();
    await page.keyboard.press("Space");
    await page.waitForTimeout(50);
    return await seen() ? [] : ["Space on #menu does not open the contents"];
}

// ---- The keyboard ----

// Everything that can be clicked and is in sight, and how it looks at rest.
function noteControls() {
    const { named, visible } = window.tools;
    const native = "a[href], button, input:not([type=hidden]), select, "
        + "textarea, summary, audio[controls], video[controls]";
    const faults = [];
    const reachable = new Set();
    const composite = "[role=tablist], [role=radiogroup], [role=listbox], "
        + "[role=grid], [role=menu], [role=toolbar], [role=tree]";

    // Buttons of one radio group are one stop.
    const group = e => e.type === "radio" && e.name
        ? document.querySelector(`input[name="${e.name}"]:checked`) ?? e : e;

    for (const e of document.querySelectorAll(`${native}, [tabindex]`))
        if (visible(e) && !e.disabled && !e.closest("[inert]")
            && (e.matches(native) ? !e.closest(composite) : e.tabIndex >= 0))
            reachable.add(group(e));

    const focusable = `${native}, [tabindex="0"]`;
    for (const e of document.body.querySelectorAll("*")) {
        const heard = window.clickListeners.has(e) || e.onclick
            || /^(button|link|checkbox|switch|tab|slider)$/.test(e.role);
        const looks = getComputedStyle(e).cursor === "pointer"
            && getComputedStyle(e.parentElement).cursor !== "pointer";
        if (!heard && !looks || !visible(e) || e.control
            || e.closest(focusable) || e.querySelector(focusable))
            continue;
        faults.push(`can be clicked but not focused: ${named(e)}`);
    }
    for (const e of window.clickListeners)
        if (!e.matches(native) && e.tabIndex >= 0
            && !window.keyListeners.has(e))
            faults.push(`hears clicks but no keys: ${named(e)}`);

    const traits = ["boxShadow", "backgroundColor", "borderColor",
        "borderWidth", "color", "textDecorationLine",
        "textDecorationThickness"];
    const look = e => [e, ...(e.labels ?? [])].map(part => {
        const style = getComputedStyle(part);
        return traits.map(trait => style[trait]).join("|");
    }).join("||");
    const rest = new Map([...reachable].map(e => [e, look(e)]));
    window.controls = { reachable, rest, look, met: new Set() };
    return { faults, most: reachable.size };
}

// The element that has the focus now: seen, and seen to have it?
function checkFocus() {
    const { named } = window.tools;
    const { rest, look, met } = window.controls;
    const e = document.activeElement;

    if (!e || e === document.body || e === document.documentElement)
        return { end: true };
    if (met.has(e))
        return { end: met.values().next().value === e, again: named(e) };
    met.add(e);

    const opaque = part => {
        for (let at = part; at; at = at.parentElement)
            if (getComputedStyle(at).opacity < 0.5)
                return false;
        return true;
    };
    const parts = [e, ...(e.labels ?? [])].filter(opaque);
    if (parts.length === 0)
        return { fault: `is transparent with the focus: ${named(e)}` };

    const inView = part => [...part.getClientRects()].some(box => {
        const left = Math.max(box.left, 0);
        const right = Math.min(box.right, innerWidth);
        const top = Math.max(box.top, 0);
        const bottom = Math.min(box.bottom, innerHeight);
        if (right - left < 1 || bottom - top < 1)
            return false;
        return [.5, .1, .9].some(t => {
            const hit = document.elementFromPoint(
                left + (right - left) * t, top + (bottom - top) * .5);
            return hit && (part.contains(hit) || hit.contains(part)
                           && !hit.matches("header, nav, main"));
        });
    });
    if (!parts.some(inView))
        return { fault: `is out of sight with the focus: ${named(e)}` };

    // An outline counts where nothing clips all of it.
    const outlined = part => {
        const style = getComputedStyle(part);
        const width = parseFloat(style.outlineWidth);
        if (style.outlineStyle === "none" || width === 0
            || /, 0\)$|transparent/.test(style.outlineColor))
            return false;
        const gap = parseFloat(style.outlineOffset) + width;
        const box = part.getBoundingClientRect();
        for (let at = part.parentElement; at; at = at.parentElement) {
            if (!window.tools.clips(at) || at === document.documentElement
                || at === document.body)
                continue;
            const room = at.getBoundingClientRect();
            if (box.left - gap < room.left && box.right + gap > room.right
                && box.top - gap < room.top && box.bottom + gap > room.bottom)
                return false;
        }
        return true;
    };
    const changed = rest.has(e) && rest.get(e) !== look(e);
    return parts.some(outlined) || changed
        ? {} : { fault: `does not show the focus: ${named(e)}` };
}

async function tabThrough(page, most) {
    const faults = [];
    const limit = 3 * most + 50;             // some scrollers are stops as well
    let step = {};

    await page.evaluate(() => {
        scrollTo(0, 0);
        document.body.tabIndex = -1;          // Tab starts at the beginning
        document.body.focus();
        document.body.removeAttribute("tabindex");
    });
    for (let count = 0; !step.end && count < limit; count++) {
        await page.keyboard.press("Tab");
        step = await page.evaluate(checkFocus);
        if (step.again && !step.end)
            return [...faults, `Tab does not leave ${step.again}`];
        if (step.fault)
            faults.push(step.fault);
    }
    return [...faults, ...await page.evaluate(() => {
        const { reachable, met } = window.controls;
        return [...reachable].filter(e => !met.has(e))
            .map(e => `Tab does not reach ${window.tools.named(e)}`);
    })];
}

// The same without a key press for each: how they look with the focus.
async function focusEach(page) {
    return page.evaluate(check => {
        const checkFocus = new Function(`return (${check})()`);
        return [...window.controls.reachable].map(e => {
            e.focus({ focusVisible: true });
            return checkFocus().fault;
        }).filter(Boolean);
    }, checkFocus.toString());
}

// Where Tab leads does not hang on the theme, so it is pressed in one of them.
async function keyboard(page, view) {
    await page.addStyleTag({
        content: "* { transition: none !important; "
               + "animation: none !important; }" });
    const { faults, most } = await page.evaluate(noteControls);
    return [...faults, ...await (view.theme === "light"
        ? tabThrough(page, most) : focusEach(page))];
}

async function skipLink(page) {
    await page.reload();
    await page.evaluate(installTools);
    await page.keyboard.press("Tab");
    const first = await page.evaluate(() => {
        const e = document.activeElement, box = e.getBoundingClientRect();
        if (!e.matches("a[href^='#']"))
            return ["the first Tab does not meet a skip link"];
        if (box.left < 0 || box.top < 0 || box.right > innerWidth
            || box.bottom > innerHeight || box.width * box.height < 100)
            return ["the skip link is not in sight with the focus"];
        return [];
    });
    if (first.length)
        return first;
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    return page.evaluate(() =>
        document.querySelector("main")?.contains(document.activeElement)
            ? [] : ["after the skip link, Tab is not in the text"]);
}

// ---- All of it ----

async function screenshots(page, name, view, folder) {
    const chromium = await page.context().newCDPSession(page);
    const height = await page.evaluate(() =>
        document.documentElement.scrollHeight);

    for (let top = 0, part = 1; top < height; top += tallest, part++) {
        const suffix = part > 1 ? `-part${part}` : "";
        const file = `${name}-${view.width}-${view.theme}${suffix}.png`;
        // Not page.screenshot(), which packs the pixels twice as slowly.
        const { data } = await chromium.send("Page.captureScreenshot", {
            format: "png", captureBeyondViewport: true, optimizeForSpeed: true,
            clip: { x: 0, y: top, width: view.width, scale: 1,
                    height: Math.min(tallest, height - top) },
        });
        fs.writeFileSync(path.join(folder, file), data, "base64");
    }
    await chromium.detach();
}

async function checkView(page, book, name, view, report, screens) {
    const run = (test, body) => report.run(name, view.name, test, body);

    await page.goto(book.url(name));
    await page.evaluate(installTools);
    if (screens)
        await screenshots(page, name, view, screens);
    await run("fits the window", () => page.evaluate(tooWide));
    await run("contents by keyboard", () => openContents(page));
    await page.evaluate(openAll);
    await run("fits the window, all opened", () => page.evaluate(tooWide));
    await run("axe", () => runAxe(page));
    await run("keyboard", () => keyboard(page, view));
    await run("skip link", () => skipLink(page));
    await run("quiet", async () => page.faults.splice(0));
}

module.exports = { checkView, installTools, noteListeners, openAll,
                   openContents, runAxe, tooWide };
