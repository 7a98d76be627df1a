/* SPDX-License-Identifier: MIT */
#include "press/shown.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/ccode.h"
#include "press/info.h"
#include "press/nodes.h"

void listing_id(char id[160], const char *info)
{
    char value[128];

    id[0] = '\0';
    if (info_attribute(info, "show", value, sizeof value))
        snprintf(id, 160, "show-%s", value);
    else if (info_attribute(info, "line", value, sizeof value))
        snprintf(id, 160, "line-%s", value);
}

const Shown *shown_find(const ShownList *list, const char *name, int length)
{
    for (int i = 0; i < list->n; i++)
        if (strncmp(list->at[i].name, name, length) == 0
            && list->at[i].name[length] == '\0')
            return &list->at[i];
    return NULL;
}

static void add_shown(ShownList *list, const Draft *page, const char *name)
{
    if (shown_find(list, name, (int)strlen(name)))
        return;
    list->at = realloc(list->at, (list->n + 1) * sizeof *list->at);
    if (!list->at)
        die("out of memory: %d functions", list->n + 1);
    Shown *s = &list->at[list->n++];
    *s = (Shown){ .page = page };
    snprintf(s->name, sizeof s->name, "%s", name);
}

static void add_use(Shown *s, const Draft *page, const char *info)
{
    if (s->page == page || (s->n_uses && s->uses[s->n_uses - 1].page == page))
        return;
    s->uses = realloc(s->uses, (s->n_uses + 1) * sizeof *s->uses);
    if (!s->uses)
        die("out of memory: %d uses of a function", s->n_uses + 1);
    s->uses[s->n_uses].page = page;
    listing_id(s->uses[s->n_uses++].id, info);
}

static void find_uses(const ShownList *list, const Draft *page,
                      cmark_node *block)
{
    const char *info = cmark_node_get_fence_info(block);
    const char *p = cmark_node_get_literal(block);

    Token before = { 0 };

    for (Token t; ccode_token(&t, p); p += t.length, before = t)
        if (ccode_is_call(&t, &before)) {
            const Shown *s = shown_find(list, t.start, t.length);
            if (s)
                add_use((Shown *)s, page, info);
        }
}

ShownList shown_collect(const Draft *drafts, int n)
{
    ShownList list = { 0 };

    for (int pass = 0; pass < 2; pass++)
        for (int i = 0; i < n; i++) {
            const Nodes nodes = node_collect(drafts[i].document, false);
            for (int k = 0; k < nodes.n; k++) {
                char name[128], id[160];
                const char *info = node_type(nodes.at[k])
                                == CMARK_NODE_CODE_BLOCK
                                 ? cmark_node_get_fence_info(nodes.at[k]) : "";
                listing_id(id, info);
                if (pass == 0
                    && info_attribute(info, "show", name, sizeof name))
                    add_shown(&list, &drafts[i], name);
                if (pass == 1 && *id)
                    find_uses(&list, &drafts[i], nodes.at[k]);
            }
            free(nodes.at);
        }
    return list;
}

void shown_free(ShownList *list)
{
    for (int i = 0; i < list->n; i++)
        free(list->at[i].uses);
    free(list->at);
    *list = (ShownList){ 0 };
}
