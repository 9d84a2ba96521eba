/* A few things and how they are related, from lines of text, for tables of tests:
 *
 *     struct scene scene;
 *     scene_init(&scene);
 *     scene_add(&scene, "vm; vm.vapp=");
 *     scene_add(&scene, "esxi_host; vsphere.version=6.5.0 @ 1>runs_on");      thing 1 runs on it
 *     scene_add(&scene, "datastore; datastore.type=NFS @ 1>stored_on");
 *     scene_add(&scene, "volume; volume.dedup=true @ part_of>1");             it is part of thing 1
 *     scene_add(&scene, "somewhere; sql_instance @ 1>uses");                  thing 1 uses one that is not known
 *     scene_add(&scene, "server; product=mabs-v2");                           the backup server that is judged for
 *     scene_finish(&scene);
 *
 * Facts are written as facts.h reads them; the tie at the end may be missing. What is wrong fails the test. */
#ifndef SCENE_H
#define SCENE_H

#include "arena.h"
#include "thing.h"

#include <stddef.h>

enum { SCENE_THINGS = 16, SCENE_TIES = 16 };

struct scene {
    struct world world; /* finds what has been added */
    struct arena arena;
    struct thing *things[SCENE_THINGS]; /* NULL: it is somewhere else */
    size_t count;
    const struct thing *server; /* NULL: none was added */
};

void scene_init(struct scene *scene);
void scene_add(struct scene *scene, const char *line);
void scene_finish(struct scene *scene);

#endif
