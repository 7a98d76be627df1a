// SPDX-License-Identifier: MIT
// Search, and the list of keys. The index (search-index.js, made by
// lib/press/search.c) is a script that is loaded when it is first wanted: from a
// file a page may load nothing else.

const MOST_RESULTS = 20, EXCERPT = 150;

// Words of what was typed; dots and underscores hold a name together.
const wordsOf = text => text.toLowerCase().match(/[\p{L}\p{N}_.]+/gu) || [];

// How well an entry answers one word: its title first, then its text.
function scoreOf([, kind, title, page, text], word) {
    const name = title.toLowerCase(), body = text.toLowerCase();
    let score = 0;

    if (name === word)
        score += 100;
    else if (name.startsWith(word))
        score += 40;
    else if (name.includes(word))
        score += 25;
    if (page.toLowerCase().includes(word))
        score += 5;
    const times = body.split(word).length - 1;
    score += Math.min(times, 8) * (kind === "section" ? 2 : 1);
    return score;
}

// Every word must count for something; the best come first.
function find(words) {
    const found = [];

    for (const entry of searchIndex) {
        const scores = words.map(word => scoreOf(entry, word));
        if (scores.every(score => score > 0))
            found.push([scores.reduce((a, b) => a + b), entry]);
    }
    found.sort((a, b) => b[0] - a[0]);
    return found.slice(0, MOST_RESULTS).map(([, entry]) => entry);
}

// The text around the first hit, every hit marked.
function excerptOf(text, words) {
    const lower = text.toLowerCase();
    const hits = words.map(w => lower.indexOf(w)).filter(i => i >= 0);
    const from = Math.max(0, Math.min(...hits, text.length) - 50);
    const piece = (from ? "…" : "") + text.slice(from, from + EXCERPT)
        + (from + EXCERPT < text.length ? "…" : "");
    return marked(piece, words);
}

function marked(text, words) {
    const escaped = words.map(w => w.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    const out = document.createDocumentFragment();

    for (const part of text.split(new RegExp(`(${escaped.join("|")})`, "i"))) {
        const hit = words.includes(part.toLowerCase());
        const node = document.createElement(hit ? "mark" : "span");
        node.textContent = part;
        out.append(node);
    }
    return out;
}

function element(tag, attributes, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes))
        node.setAttribute(name, value);
    node.append(...children);
    return node;
}

function resultOf([href, kind, title, page, text], words) {
    const where = kind === "chapter" ? "chapter" : `${kind}, ${page}`;

    return element("li", { class: "search-result" },
        element("a", { href },
            element("b", {}, marked(title, words)),
            element("small", {}, ` ${where}`),
            element("span", { class: "excerpt" }, excerptOf(text, words))));
}

function searchDialog() {
    const input = element("input", { type: "text", role: "searchbox",
        placeholder: "Search",
        "aria-label": "Search the book", autocomplete: "off",
        spellcheck: "false" });
    const status = element("p", { class: "status", role: "status" });
    const list = element("ol", {});
    const dialog = element("dialog", { id: "search", "aria-label": "Search" },
        input, status, list);

    function show() {
        const words = wordsOf(input.value);
        if (typeof searchIndex === "undefined")
            return;
        const found = words.length ? find(words) : [];
        list.replaceChildren(...found.map(entry => resultOf(entry, words)));
        status.textContent = !words.length
            ? "Words of the text, functions, fields of experiments."
            : `${found.length || "No"} result${found.length === 1 ? "" : "s"}`;
    }

    // Up and down walk through the results; Enter follows the first.
    dialog.addEventListener("keydown", event => {
        const links = [...list.querySelectorAll("a")];
        const at = links.indexOf(document.activeElement);
        const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
        if (step && links.length) {
            const next = at + step;
            (next < 0 ? input : links[Math.min(next, links.length - 1)]).focus();
            event.preventDefault();
        } else if (event.key === "Enter" && at < 0) {
            links[0]?.click();
        }
    });
    list.addEventListener("click", () => dialog.close());
    input.addEventListener("input", show);
    closeOutside(dialog);
    document.body.append(dialog);
    return () => {
        if (!document.getElementById("search-index"))
            document.head.append(element("script", { id: "search-index",
                src: "search-index.js" }));
        document.getElementById("search-index").addEventListener("load", show);
        dialog.showModal();
        input.select();
        show();
    };
}

// A click beside a dialog closes it.
function closeOutside(dialog) {
    dialog.addEventListener("click", event => {
        if (event.target === dialog)
            dialog.close();
    });
}

function keysDialog() {
    const keys = [["/", "search"], ["← →", "previous and next chapter"],
        ["?", "these keys"], ["Esc", "close"]];
    const rows = keys.flatMap(([key, words]) =>
        [element("dt", {}, element("kbd", {}, key)), element("dd", {}, words)]);
    const close = element("button", { type: "button" }, "Close");
    const dialog = element("dialog", { id: "keys", "aria-label": "Keys" },
        element("dl", {}, ...rows), close);

    close.addEventListener("click", () => dialog.close());
    closeOutside(dialog);
    document.body.append(dialog);
    return () => dialog.showModal();
}

const dialogs = { "/": searchDialog(), "?": keysDialog() };

addEventListener("keydown", event => {
    const open = dialogs[event.key];
    if (!open || event.ctrlKey || event.altKey || event.metaKey
        || event.target.closest("input, textarea, select, dialog[open]"))
        return;
    event.preventDefault();
    open();
});

const searchButton = document.getElementById("open-search");
if (searchButton) {                            // print.html has none
    searchButton.addEventListener("click", dialogs["/"]);
    searchButton.hidden = false;
}
