/* A walk through a document of XML along a grammar: a table of places, each with what leads on from it, what is done
 * there, and how much text it may hold. What no step leads to is passed over, with all beneath it.
 *
 *     enum { START = 1, LIST, NAME };
 *     static const struct xml_place places[] = {
 *         [START] = { .steps = XML_STEPS({ "urn:x", "list", LIST }) },
 *         [LIST] = { .steps = XML_STEPS({ "urn:x", "name", NAME }) },
 *         [NAME] = { .text = "a name", .text_max = 64, .close = take_name },
 *     };
 *     struct xml_walk *walk = xml_walk_create(&(struct xml_grammar){ .places = places }, scene);
 *
 * Beneath it is xml.h, with its limits and refusals. */
#ifndef XML_WALK_H
#define XML_WALK_H

#include "err.h"
#include "xml.h"

#include <stdbool.h>
#include <stddef.h>

#define XML_NOWHERE 0 /* what is passed over */
#define XML_START 1   /* where the document begins */

/* An element as it opens. */
struct xml_opening {
    const struct xml_name *name;
    const struct xml_attribute *attributes;
    size_t count;
};

struct xml_step {
    const char *space; /* NULL: any */
    const char *name;  /* NULL: any */
    int to;            /* a place, or XML_NOWHERE */
};

/* The first step that fits counts. */
#define XML_STEPS(...) ((const struct xml_step[]){ __VA_ARGS__, { NULL, NULL, XML_NOWHERE } })

/* Every function returns false, with err filled, to end the walk; each may be NULL. */
struct xml_place {
    const struct xml_step *steps; /* to elements beneath; NULL: none */
    /* Where an element beneath leads, where that is no matter of its name alone: instead of steps. */
    int (*next)(void *scene, const struct xml_opening *opening);
    const char *text;                       /* what its text is, in words; NULL: the text is passed over */
    size_t text_max;                        /* bytes of it */
    const char *(*name)(const void *scene); /* for a place of many elements: which, behind these words; or NULL */
    bool mixed; /* it has its text beside elements too; any other place that has some beneath, none */
    bool (*open)(void *scene, const struct xml_opening *opening, struct err *err);
    /* text: its own, without what stands beneath, followed by a NUL. */
    bool (*close)(void *scene, const char *text, size_t size, struct err *err);
    /* For an element beneath that is passed over. */
    bool (*other)(void *scene, const struct xml_opening *opening, struct err *err);
    /* Puts in front of an error here what it is about; false. */
    bool (*blame)(const void *scene, struct err *err);
};

struct xml_grammar {
    const struct xml_place *places;                    /* by their numbers */
    bool (*check)(const void *scene, struct err *err); /* behind each element that opens or closes: limits */
    const char *stranger; /* for what is not even XML, in front of how it begins; NULL: the parser's words alone */
};

struct xml_walk;

/* The grammar and the scene must live as long as the walk. */
struct xml_walk *xml_walk_create(const struct xml_grammar *grammar, void *scene);
void xml_walk_destroy(struct xml_walk *walk);

/* Another document begins, whatever became of the former. Not from within a place's function. */
void xml_walk_restart(struct xml_walk *walk);

/* The next bytes. False: class protocol, or what a place said; then nothing may be fed any more. */
bool xml_walk_feed(struct xml_walk *walk, const char *bytes, size_t size, struct err *err);

/* That was all: false where the document is not complete. */
bool xml_walk_end(struct xml_walk *walk, struct err *err);

/* The value of an attribute; NULL where there is none. It lives as long as the opening. */
const char *xml_attribute(const struct xml_opening *opening, const char *space, const char *name);

#endif
