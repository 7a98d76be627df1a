// SPDX-License-Identifier: MIT
// Figures that answer. Under a figure of several frames comes a slider; in one
// whose marks know their values the nearest mark tells its own: under the
// pointer, under a finger, and with the arrow keys.
"use strict";

function sliders() {
    for (const svg of document.querySelectorAll(".figure svg")) {
        const frames = [...svg.querySelectorAll(":scope > .frame")];
        if (frames.length < 2)
            continue;

        const slider = document.createElement("input");
        const play = document.createElement("button");
        const name = document.createElement("output");
        const box = document.createElement("div");
        let timer = 0;

        function show(i) {
            frames.forEach((frame, k) => k === i
                ? frame.removeAttribute("display")
                : frame.setAttribute("display", "none"));
            slider.value = i;
            name.textContent = frames[i].dataset.name;
            slider.setAttribute("aria-valuetext", name.textContent);
            svg.dispatchEvent(new Event("frame"));
        }
        function stop() {
            clearInterval(timer);
            timer = 0;
            play.textContent = "Play";
        }
        function step() {
            const next = Number(slider.value) + 1;
            show(next);
            if (next === frames.length - 1)
                stop();
        }

        slider.type = "range";
        slider.min = 0;
        slider.max = frames.length - 1;
        slider.setAttribute("aria-label", svg.getAttribute("aria-label"));
        slider.addEventListener("input", () => {
            stop();
            show(Number(slider.value));
        });
        play.type = "button";
        play.addEventListener("click", () => {
            if (timer)
                return stop();
            show(Number(slider.value) === frames.length - 1
                 ? 0 : Number(slider.value));
            timer = setInterval(step, 800);
            play.textContent = "Stop";
        });
        box.className = "frames";
        box.append(play, slider, name);
        svg.closest(".scroll").after(box);
        stop();
        show(frames.length - 1);
    }
}

// A figure and its marks: where they are, in the units of the drawing, and what
// they say. The text leaves the drawing, or the browser would show it as well.
function marksOf(svg) {
    return [...svg.querySelectorAll(".mark")].map(circle => {
        const title = circle.querySelector("title");
        title.remove();
        return { circle, text: title.textContent,
                 x: Number(circle.getAttribute("cx")),
                 y: Number(circle.getAttribute("cy")) };
    });
}

function bubbles() {
    const NEAR = 40;                       // units of a drawing 720 wide
    const bubble = document.createElement("div");
    let told = null;

    bubble.className = "bubble";
    bubble.setAttribute("role", "status");
    document.body.append(bubble);

    function tell(mark) {
        if (mark === told)
            return;
        told?.circle.classList.remove("told");
        told = mark;
        bubble.textContent = mark ? mark.text : "";
        if (!mark)
            return;
        mark.circle.classList.add("told");
        place();
    }

    // Beside the mark that is told, while that is in sight.
    function place() {
        const at = told.circle.getBoundingClientRect();
        const x = at.left + at.width / 2;
        const sight = told.circle.closest(".scroll").getBoundingClientRect();
        if (x < sight.left || x > sight.right || at.bottom < 0
            || at.top > innerHeight)
            return tell(null);
        const { width, height } = bubble.getBoundingClientRect();
        const room = document.documentElement.clientWidth - width - 4;
        const left = x - width / 2;
        const above = at.top - height - 4;
        bubble.style.left = `${Math.max(4, Math.min(left, room))}px`;
        bubble.style.top = `${above < 4 ? at.bottom + 4 : above}px`;
    }

    for (const svg of document.querySelectorAll(".figure svg")) {
        const all = marksOf(svg);
        const seen = () => all.filter(m => !m.circle.closest("[display=none]"));
        if (!all.length)
            continue;

        function nearest(event) {
            const { x, y } = new DOMPoint(event.clientX, event.clientY)
                .matrixTransform(svg.getScreenCTM().inverse());
            let best = null, least = NEAR;
            for (const mark of seen()) {
                const far = Math.hypot(mark.x - x, mark.y - y);
                if (far < least)
                    [best, least] = [mark, far];
            }
            tell(best);
        }
        svg.tabIndex = 0;
        svg.addEventListener("pointermove", nearest);
        svg.addEventListener("pointerdown", nearest);
        svg.addEventListener("pointerleave", event => {
            if (event.pointerType === "mouse")
                tell(null);
        });
        svg.addEventListener("blur", () => tell(null));
        svg.addEventListener("frame", () => tell(null));
        svg.addEventListener("keydown", event => {
            const step = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1,
                           ArrowDown: 1 }[event.key];
            if (event.ctrlKey || event.altKey || event.metaKey)
                return;
            if (event.key === "Escape")
                return tell(null);
            if (!step)
                return;
            event.preventDefault();        // no scrolling, no page is turned
            const marks = seen(), at = marks.indexOf(told);
            const next = marks[at < 0 ? 0
                : (at + step + marks.length) % marks.length];
            next.circle.scrollIntoView({ block: "nearest", inline: "nearest" });
            tell(next);
        });
    }
    addEventListener("scroll", () => {         // of the page or of a figure
        if (told)
            place();
    }, { passive: true, capture: true });
    addEventListener("pointerdown", event => {
        if (!event.target.closest(".figure svg"))
            tell(null);
    });
}

sliders();
bubbles();
