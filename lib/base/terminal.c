/* SPDX-License-Identifier: MIT */
#define _DEFAULT_SOURCE 1          /* for the size of a terminal, here and */
#define _DARWIN_C_SOURCE 1         /* on macOS */
#include "base/terminal.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/setting.h"

static bool drawn;

bool terminal_is(void)
{
    return isatty(STDERR_FILENO);
}

int terminal_width(int file)
{
    struct winsize size;

    if (ioctl(file, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
    const int columns = atoi(setting("COLUMNS", "80"));
    return columns > 0 ? columns : 80;
}

int terminal_cut(const char *text, int columns)
{
    int bytes = 0;

    while (text[bytes]) {
        const bool wide = text[bytes] & 0x80;
        int n = 1;
        while (wide && (text[bytes + n] & 0xC0) == 0x80)
            n++;
        columns -= wide ? 2 : 1;
        if (columns < 0)
            break;
        bytes += n;
    }
    return bytes;
}

/* The last column stays free: some terminals go to the next line there. */
void terminal_line(const char *text)
{
    if (!terminal_is())
        return;
    const int columns = terminal_width(STDERR_FILENO) - 1;
    fprintf(stderr, "\r%.*s\033[K", terminal_cut(text, columns), text);
    fflush(stderr);
    drawn = true;
}

void terminal_clear(void)
{
    if (!drawn)
        return;
    fprintf(stderr, "\r\033[K");
    fflush(stderr);
    drawn = false;
}
