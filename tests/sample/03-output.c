/* SPDX-License-Identifier: MIT */
/*%
# Output in two places
*/
#include "chapter/chapter.h"
#include "chapter/report.h"

static void say_it(void)
{
    report_print("before\n");
/*%
Between.
*/
    report_print("after\n");
}

int main(int argc, char **argv)
{
    chapter_open(argc, argv);
    RUN(say_it);
    return chapter_close();
}
