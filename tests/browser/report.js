// SPDX-License-Identifier: MIT
// Collects what the tests find. A test is one question about one page in one
// view; it passes when it finds no fault. The same fault in several views is
// printed once, with the views.
"use strict";

class Report {
    passed = 0;
    failed = 0;
    skipped = [];
    notes = [];
    faults = new Map();          // "page, test, what" to the views it is in

    test(page, view, name, faults) {
        if (faults.length === 0) {
            this.passed++;
            return;
        }
        this.failed++;
        for (const what of faults) {
            const line = `${page}\t${name}: ${what}`;
            const views = this.faults.get(line) ?? new Set();
            this.faults.set(line, views.add(view));
        }
    }

    skip(name, why) {
        this.skipped.push(`skipped  ${name}: ${why}`);
    }

    note(what) {
        this.notes.push(`note  ${what}`);
    }

    // Runs one test; what it throws is a fault as well.
    async run(page, view, name, body) {
        let faults;
        try {
            faults = await body();
        } catch (e) {
            faults = [`stopped: ${e.message.split("\n")[0]}`];
        }
        this.test(page, view, name, faults);
    }

    lines() {
        return [...this.faults].map(([line, views]) => {
            const [page, what] = line.split("\t");
            const where = [...views].filter(Boolean).sort().join(", ");
            return `FAIL  ${page}${where && ` (${where})`}  ${what}`;
        }).sort();
    }

    print() {
        for (const line of [...this.lines(), ...this.skipped, ...this.notes])
            console.log(line);
        console.log(`${this.passed} passed, ${this.failed} failed`);
    }
}

module.exports = { Report };
