/* SPDX-License-Identifier: MIT
 *
 * What a chapter says of itself when it opens: see chapter/chapter.h. */
#ifndef CHAPTER_CONTENTS_H
#define CHAPTER_CONTENTS_H

#include "runs/sweep.h"

/* What a chapter has to offer on the command line and to its page. */
typedef struct Contents {
    const char *source;                    /* its own file */
    const Experiment *experiments[16];     /* the first is the chapter's own */
    const Sweep *sweeps[8];
    const char *builds_on;                 /* the experiment of an earlier
                                              chapter that the first one is a
                                              change of: for @changes */
} Contents;

#endif
