/* SPDX-License-Identifier: MIT */
#include "runs/twin.h"

#include <string.h>

#include "base/setting.h"

enum { ALL = 60000 };

static Experiment hold_out(const Experiment *e, int images)
{
    Experiment twin = *e;
    Text name = { 0 };

    text_add(&name, "%s", e->name ? e->name : "");
    if (e->train.validation != images) {
        twin.train.validation = images;
        text_add(&name, "%s train.validation=%d",
                 strchr(name.s, ',') ? ";" : ",", images);
    }
    if (twin.train.images > ALL - images)
        twin.train.images = 0;             /* all that are left */
    twin.name = name.s;
    return twin;
}

Experiment twin_of(const Experiment *e)
{
    return hold_out(e, e->train.validation ? e->train.validation : HELD_OUT);
}

Experiment twin_like(const Experiment *e, const Experiment *other)
{
    return hold_out(e, other->train.validation);
}

bool judged_on_test(void)
{
    return setting_on("TEST");
}

const char *judged_on(const Experiment *e)
{
    return e->train.validation ? "Held-out" : "Test";
}
