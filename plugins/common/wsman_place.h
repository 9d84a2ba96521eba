/* Where in a reply of WS-Management a reader is, and what each place leads to: the grammar of wsman_read.h. */
#ifndef WSMAN_PLACE_H
#define WSMAN_PLACE_H

#include "arena.h"
#include "cim_gather.h"
#include "wsman_read.h"
#include "xml_walk.h"

#include <stdbool.h>
#include <stddef.h>

/* What a reader knows of the reply: the places write to it. */
struct wsman_scene {
    struct wsman_taker taker;
    struct arena kept; /* of what stands around the instances */
    struct wsman_reply reply;
    struct cim_gather gather;
    bool body;          /* there was one */
    size_t nest;        /* faults inside of faults that are open */
    size_t number_nest; /* where the fault's number came from, and its text; 0: none yet */
    size_t text_nest;
};

/* Its places get a struct wsman_scene. */
extern const struct xml_grammar wsman_grammar;

#endif
