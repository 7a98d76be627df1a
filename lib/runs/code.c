/* SPDX-License-Identifier: MIT */
#include "runs/code.h"

#include <stdio.h>
#include <string.h>

#include "base/sha256.h"
#include "base/text.h"
#include "nn/layer.h"
#include "nn/optimiser.h"
#include "runs/method.h"

/* Whether the file is that of a layer or an optimiser: "nn/dense". */
static bool is_of_kind(const CodeFile *f, const char *kind)
{
    return strncmp(f->name, "nn/", 3) == 0 && strcmp(f->name + 3, kind) == 0;
}

bool code_used(const CodeFile *f, const Experiment *e)
{
    const Method *m = method_of(e->method);
    bool used = false;

    for (const char *const *name = m->files; *name && !used; name++)
        used = strcmp(f->name, *name) == 0;
    for (int i = 0; m->layered && i < MAX_LAYERS && e->layers[i].kind; i++)
        used = used || is_of_kind(f, layer_types[e->layers[i].kind]->name);
    return used || (m->layered
                    && is_of_kind(f, optimiser_types[e->optimiser.kind]->name));
}

void code_digest(char hex[65], const Experiment *e)
{
    Text t = { 0 };

    for (const CodeFile *f = code_files; f->name; f++)
        if (!e || code_used(f, e))
            text_add(&t, "%s\t%s\n", f->name, f->digest);
    sha256_hex(hex, text_string(&t), t.length);
    text_free(&t);
}
