// SPDX-License-Identifier: MIT
// The book reads well without this: a switch between light and dark, buttons
// that copy a listing, the current section marked, arrow keys to turn pages.
"use strict";

const root = document.documentElement;
const dark = matchMedia("(prefers-color-scheme: dark)");

function themeSwitch() {
    const button = document.getElementById("theme");
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

themeSwitch();
copyButtons();
currentSection();
arrowKeys();

// On a phone, choosing a section closes the contents.
document.querySelector(".contents").addEventListener("click", () => {
    document.getElementById("menu").checked = false;
});
