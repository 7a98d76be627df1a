/* SPDX-License-Identifier: MIT */
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>

Error error_text(const char *format, ...)
{
    static _Thread_local char text[2][1024];
    static _Thread_local int turn;
    va_list args;

    turn = !turn;
    va_start(args, format);
    vsnprintf(text[turn], sizeof text[turn], format, args);
    va_end(args);
    return text[turn];
}
