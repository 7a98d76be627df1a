// SPDX-License-Identifier: MIT
//
// Only in a book that `make watch` builds: once in a second a page asks for the
// stamp of the book, and loads itself anew when it is another. A script can be
// asked for from a file, too, where nothing else can.

function watchBook(stamp) {
    window.bookStamp = (now) => {
        if (now !== stamp) {
            location.reload();
        }
    };
    setInterval(() => {
        const script = document.createElement("script");
        script.src = "stamp.js?" + Date.now();
        script.onload = script.onerror = () => script.remove();
        document.head.append(script);
    }, 1000);
}
