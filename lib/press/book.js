// SPDX-License-Identifier: MIT
// The book reads well without this: a switch between light and dark, buttons
// that copy a listing, the current section marked, arrow keys to turn pages,
// folds opened on paper, and on the page of the reader's experiments tables that
// can be sorted.
"use strict";

const root = document.documentElement;
const dark = matchMedia("(prefers-color-scheme: dark)");

function themeSwitch() {
    const button = document.getElementById("theme");
    if (!button)
        return;                                // print.html has none
    const now = () => root.dataset.theme || (dark.matches ? "dark" : "light");
    const other = () => now() === "dark" ? "light" : "dark";
    const label = () => {
        button.textContent = other() === "dark" ? "Dark" : "Light";
        button.title = `Switch to ${other()} pages`;
    };

    button.addEventListener("click", () => {
        root.dataset.theme = other();
        try {
            localStorage.setItem("theme", root.dataset.theme);
        } catch (e) { /* not remembered, then */ }
        label();
    });
    dark.addEventListener("change", label);
    button.hidden = false;
    label();
}

function copyButtons() {
    if (!navigator.clipboard)
        return;
    for (const listing of document.querySelectorAll(".code")) {
        const button = document.createElement("button");
        button.type = "button";
        button.className = "copy";
        button.textContent = "Copy";
        button.addEventListener("click", async () => {
            const text = listing.querySelector(".source").textContent;
            try {
                await navigator.clipboard.writeText(text);
                button.textContent = "Copied";
            } catch (e) {
                button.textContent = "Not allowed";
            }
            setTimeout(() => { button.textContent = "Copy"; }, 1500);
        });
        listing.append(button);
    }
}

// The section whose heading was the last to pass the top of the window.
function currentSection() {
    const links = [...document.querySelectorAll(".sections a")];
    const headings = links.map(a =>
        document.getElementById(decodeURIComponent(a.hash.slice(1))));
    let waiting = false;

    function mark() {
        waiting = false;
        const passed = headings.filter(
            h => h.getBoundingClientRect().top < 120);
        links.forEach((a, i) => {
            const here = i === passed.length - 1;
            a.classList.toggle("here", here);
            here ? a.setAttribute("aria-current", "true")
                 : a.removeAttribute("aria-current");
        });
    }

    addEventListener("scroll", () => {
        if (!waiting)
            requestAnimationFrame(mark);
        waiting = true;
    }, { passive: true });
    mark();
}

// Left and right turn the page, except where they move a cursor or a scroll.
function arrowKeys() {
    addEventListener("keydown", event => {
        const rel = { ArrowLeft: "prev", ArrowRight: "next" }[event.key];
        const at = event.target;
        if (!rel || event.ctrlKey || event.altKey || event.metaKey
            || event.shiftKey || event.defaultPrevented
            || at.closest("input, textarea, select, canvas, [contenteditable]")
            || at.scrollWidth > at.clientWidth + 1)
            return;
        document.querySelector(`.pager a[rel=${rel}]`)?.click();
    });
}

// What scrolls inside itself must be reachable by keyboard: not all browsers see
// to that by themselves.
function reachScrollers() {
    const name = (box, i) => {
        const label = box.closest("figure")?.querySelector("figcaption b");
        return `${label?.textContent || box.className}, scrolls (${i + 1})`;
    };
    const watch = new ResizeObserver(entries => {
        for (const { target } of entries)
            if (target.scrollWidth > target.clientWidth)
                target.tabIndex = 0;
            else
                target.removeAttribute("tabindex");
    });

    document.querySelectorAll("pre, .scroll, .formula").forEach((box, i) => {
        if (box.tagName !== "PRE") {
            box.setAttribute("role", "region");
            box.setAttribute("aria-label", name(box, i));
        }
        watch.observe(box);
    });
}

// A click on the head of a column sorts the table by it, a second turns it.
// What begins with a number is sorted by that, a date or a word as it stands.
function sortTables() {
    const value = (row, column) => {
        const text = row.cells[column].textContent.replace("−", "-");
        return /^[-+]?[\d.]+(?![\d.]*-)/.test(text) ? parseFloat(text) : text;
    };
    const isNumber = x => typeof x === "number";
    const order = (a, b) => isNumber(a) && isNumber(b) ? a - b
        : isNumber(a) !== isNumber(b) ? isNumber(b) - isNumber(a)
        : String(a).localeCompare(String(b));

    for (const head of document.querySelectorAll(".sortable th")) {
        const button = document.createElement("button");
        button.type = "button";
        button.append(...head.childNodes);
        head.append(button);
        button.addEventListener("click", () => {
            const sign = head.ariaSort === "ascending" ? -1 : 1;
            const body = head.closest("table").tBodies[0];
            const rows = [...body.rows];
            const column = head.cellIndex;
            rows.sort((a, b) => sign * order(value(a, column),
                                             value(b, column)));
            body.append(...rows);
            for (const other of head.parentNode.cells)
                other.removeAttribute("aria-sort");
            head.ariaSort = sign > 0 ? "ascending" : "descending";
        });
    }
}

// Paper cannot be clicked: what is folded is printed open.
function unfoldToPrint() {
    let opened = [];

    addEventListener("beforeprint", () => {
        opened = [...document.querySelectorAll("details:not([open])")];
        opened.forEach(d => { d.open = true; });
    });
    addEventListener("afterprint", () => {
        opened.forEach(d => { d.open = false; });
    });
}

themeSwitch();
unfoldToPrint();
copyButtons();
reachScrollers();
sortTables();
currentSection();
arrowKeys();

// On a phone, choosing a section closes the contents.
document.querySelector(".contents")?.addEventListener("click", () => {
    document.getElementById("menu").checked = false;
});
