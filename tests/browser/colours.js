// SPDX-License-Identifier: MIT
// Can the colours be read, and told apart by those who see fewer of them?
"use strict";

const text = ["ink", "muted", "accent", "keyword", "type", "number", "string",
              "before", "good", "bad"];
const series = ["c1", "c2", "c3", "c4", "c5", "c6"];
const together = 4;                // of the series, in any figure
const leastDistance = 10;          // CIE 1976, of colours that stand together

// Machado, Oliveira and Fernandes 2009, severity 1, for linear RGB.
const sight = {
    "all cones": [1, 0, 0, 0, 1, 0, 0, 0, 1],
    protanopia: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216,
                 -0.003882, -0.048116, 1.051998],
    deuteranopia: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413,
                   -0.011820, 0.042940, 0.968881],
    tritanopia: [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602,
                 0.004733, 0.691367, 0.303900],
};

const times = (m, [r, g, b]) => [0, 3, 6].map(
    i => m[i] * r + m[i + 1] * g + m[i + 2] * b);
const linear = c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
const seenAs = (kind, rgb) => times(sight[kind], rgb)
    .map(c => Math.min(1, Math.max(0, c)));

function contrast(a, b) {
    const light = ([r, g, b]) => 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05;
    const ratio = light(a) / light(b);
    return Math.max(ratio, 1 / ratio);
}

// CIE Lab of linear RGB, white D65.
function lab(rgb) {
    const [x, y, z] = times([0.43395, 0.37622, 0.18983, 0.21264, 0.71517,
                             0.07218, 0.01776, 0.10947, 0.87277], rgb)
        .map(t => t > 216 / 24389 ? Math.cbrt(t)
                                  : (24389 / 27 * t + 16) / 116);
    return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

function distance(a, b, kind) {
    const [p, q] = [a, b].map(rgb => lab(seenAs(kind, rgb)));
    return Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
}

// The custom properties as the page has them now, in linear RGB.
async function coloursOf(page) {
    const names = ["paper", "shade", "grey", ...text, ...series];
    const values = await page.evaluate(names => {
        const probe = document.body.appendChild(document.createElement("i"));
        return names.map(name => {
            probe.style.color = `var(--${name})`;
            return getComputedStyle(probe).color;
        });
    }, names);
    return Object.fromEntries(names.map((name, i) => [name,
        values[i].match(/[\d.]+/g).slice(0, 3).map(c => linear(c / 255))]));
}

// Every two of the series, with those figures where both are used.
function pairs(book) {
    const figures = book.pages.filter(name => name !== "print").flatMap(name =>
        book.text(name).split('<figure class="figure"').slice(1).map(part => ({
            id: `${name}#${part.match(/id="([^"]*)/)?.[1]}`,
            used: new Set(part.split("</figure>")[0].match(/--c\d/g)),
        })));
    return series.flatMap((a, i) => series.slice(i + 1).map((b, k) => ({
        a, b, first: i + 1 + k < together,
        where: figures.filter(f => f.used.has(`--${a}`) && f.used.has(`--${b}`))
            .map(f => f.id),
    })));
}

async function checkColours(page, book, view, report) {
    const faults = [];
    await page.goto(book.url("index"));
    const colour = await coloursOf(page);
    const low = (name, ground, least) => {
        const ratio = contrast(colour[name], colour[ground]);
        if (ratio < least)
            faults.push(`--${name} on --${ground}: contrast `
                        + `${ratio.toFixed(2)}, at least ${least}`);
    };
    for (const name of text)
        for (const ground of ["paper", "shade"])
            low(name, ground, 4.5);
    for (const name of ["grey", ...series])
        low(name, "paper", 3);

    const all = pairs(book).flatMap(pair => Object.keys(sight).map(kind => ({
        ...pair, kind, far: distance(colour[pair.a], colour[pair.b], kind),
    }))).sort((p, q) => p.far - q.far);
    const words = p => `--${p.a} and --${p.b} are ${p.far.toFixed(1)} apart `
        + `with ${p.kind}`;
    for (const p of all)
        if ((p.first || p.where.length) && p.far < leastDistance)
            faults.push(`${words(p)}, at least ${leastDistance}`
                        + (p.where.length ? ` (${p.where.join(", ")})` : ""));
    report.note(`colours (${view.theme}): of all, ${words(all[0])}; of the `
                + `first four, ${words(all.find(p => p.first))}`);
    return faults;
}

module.exports = { checkColours };
