/* SPDX-License-Identifier: MIT */
#include "runs/code.h"

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

static bool used_by_any(const CodeFile *f)
{
    bool used = false;

    for (MethodKind k = 0; method_of(k) && !used; k++)
        used = code_used(f, &(Experiment){ .method = k });
    for (int k = NO_LAYER + 1; k < LAYER_KINDS && !used; k++)
        used = is_of_kind(f, layer_types[k]->name);
    for (int k = 0; k < OPTIMISER_KINDS && !used; k++)
        used = is_of_kind(f, optimiser_types[k]->name);
    return used;
}

bool code_used(const CodeFile *f, const Experiment *e)
{
    if (!e)
        return used_by_any(f);
    const Method *m = method_of(e->method);
    bool used = false;

    for (const char *const *name = m->files; *name && !used; name++)
        used = strcmp(f->name, *name) == 0;
    for (int i = 0; m->layered && i < MAX_LAYERS && e->layers[i].kind; i++)
        used = used || is_of_kind(f, layer_types[e->layers[i].kind]->name);
    return used || (m->layered
                    && is_of_kind(f, optimiser_types[e->optimiser.kind]->name));
}

/* A file that a method names and nobody knows would be part of no key. */
static void check_files(const Method *m)
{
    for (const char *const *name = m->files; *name; name++) {
        const CodeFile *f = code_files;
        while (f->name && strcmp(f->name, *name) != 0)
            f++;
        if (!f->name)
            die("method %s: it names the file %s among those that decide its "
                "results; there is no lib/%s.c", m->name, *name, *name);
    }
}

void code_digest(char hex[65], const Experiment *e)
{
    Text t = { 0 };

    for (MethodKind k = 0; method_of(k); k++)
        check_files(method_of(k));
    for (const CodeFile *f = code_files; f->name; f++)
        if (code_used(f, e))
            text_add(&t, "%s\t%s\n", f->name, f->digest);
    sha256_hex(hex, text_string(&t), t.length);
    text_free(&t);
}
