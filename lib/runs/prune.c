/* SPDX-License-Identifier: MIT */
#include "runs/prune.h"

#include <dirent.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>

#include "base/setting.h"
#include "base/temporary.h"
#include "base/text.h"

enum { ABANDONED = 3600, PATH = 1200 };

/* What a killed build has left, and was not touched lately. */
static bool is_abandoned(const char *path)
{
    struct stat s;

    return is_temporary(path) && stat(path, &s) == 0
        && time(NULL) - s.st_mtime > ABANDONED;
}

typedef struct Prune {
    bool act;
    int runs, failed;
    double mib;
} Prune;

static void remove_one(Prune *p, const char *path, long long bytes)
{
    struct stat s;
    Error error = NULL;

    if (p->act)
        error = stat(path, &s) != 0 || S_ISDIR(s.st_mode) ? store_remove(path)
                                                          : file_remove(path);
    if (error)
        fprintf(stderr, "%s\n", error);
    p->failed += error != NULL;
    p->runs += error == NULL;
    p->mib += error ? 0 : (double)bytes / (1 << 20);
}

static void prune_abandoned(Prune *p, const char *store)
{
    DIR *folder = opendir(store);
    char path[PATH];

    for (struct dirent *d; folder && (d = readdir(folder));) {
        snprintf(path, sizeof path, "%s/%s", store, d->d_name);
        if (!is_abandoned(path))
            continue;
        printf("unfinished: %s\n", path);
        remove_one(p, path, 0);
    }
    if (folder)
        closedir(folder);
}

int prune(const Catalogue *c, const char *store)
{
    Prune p = { .act = setting_on("YES") };
    char path[PATH], day[32];
    int own = 0;

    for (int i = 0; i < c->n; i++) {
        const Entry *e = &c->entry[i];
        long long bytes = 0;
        Text title = { 0 };
        if (e->in_use)
            continue;
        if (!e->of_book && !setting_on("OWN")) {
            own += e->runs;
            continue;
        }
        for (int k = 0; k < e->runs; k++)
            bytes += e->run[k].bytes;
        catalogue_title(&title, e);
        catalogue_time(day, e);
        printf("%s  %3d run%s %7.1f MiB  %s (%s)\n", day, e->runs,
               e->runs == 1 ? " " : "s", (double)bytes / (1 << 20), title.s,
               catalogue_whose(e));
        text_free(&title);
        for (int k = 0; k < e->runs; k++) {
            snprintf(path, sizeof path, "%s/%s", store, e->run[k].key);
            remove_one(&p, path, e->run[k].bytes);
        }
    }
    for (int i = 0; i < c->index.n; i++) {
        const Record *r = &c->index.record[i];
        if (*r->wrong)
            printf("%s: %s\n", r->damaged ? "damaged" : "kept, not understood",
                   r->wrong);
        if (!r->damaged)
            continue;
        snprintf(path, sizeof path, "%s/%s", store, r->key);
        remove_one(&p, path, r->bytes);
    }
    prune_abandoned(&p, store);
    printf("%s: %s %d runs, %.1f MiB%s\n", store,
           p.act ? "removed" : "would remove", p.runs, p.mib,
           p.act || !p.runs ? "" : "; YES=1 does it");
    if (own)
        printf("%d runs of your own stay; OWN=1 counts them in\n", own);
    if (p.failed)
        fprintf(stderr, "%s: %d runs could not be removed\n", store, p.failed);
    return p.failed;
}
