#include "xml_walk.h"

#include "mem.h"
#include "str.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

#define START_SIZE 64 /* bytes of a document that a sentence may quote */

/* An element that is open. */
struct frame {
    int place;
    size_t text; /* where its text begins, in the walk's */
    bool parent; /* something was beneath it */
};

struct xml_walk {
    struct xml *xml;
    const struct xml_grammar *grammar;
    void *scene;
    struct frame frames[XML_MAX_DEPTH + 1]; /* from the start to the element that was opened last */
    size_t depth;
    size_t passed;              /* elements open that are passed over */
    struct str text;            /* of all that are open, one behind the other */
    bool begun;                 /* there was an element */
    char start[START_SIZE + 1]; /* followed by NULs */
    size_t started;             /* bytes of start */
};

static struct frame *here(struct xml_walk *walk)
{
    return &walk->frames[walk->depth];
}

static const struct xml_place *place(const struct xml_walk *walk)
{
    return &walk->grammar->places[walk->frames[walk->depth].place];
}

/* An error at this place; false. */
static bool blame(const struct xml_walk *walk, struct err *err)
{
    return place(walk)->blame != NULL && place(walk)->blame(walk->scene, err);
}

static bool check(const struct xml_walk *walk, struct err *err)
{
    return walk->grammar->check == NULL || walk->grammar->check(walk->scene, err) || blame(walk, err);
}

/* --------------------------------------------------------------------------------------------------- events ---- */

static bool leads(const struct xml_step *step, const struct xml_name *name)
{
    return (step->name == NULL || strcmp(step->name, name->local) == 0) &&
           (step->space == NULL || strcmp(step->space, name->space) == 0);
}

static int next(const struct xml_walk *walk, const struct xml_opening *opening)
{
    const struct xml_step *step = place(walk)->steps;

    if (place(walk)->next != NULL)
        return place(walk)->next(walk->scene, opening);
    while (step != NULL && !leads(step, opening->name))
        step++;
    return step == NULL ? XML_NOWHERE : step->to;
}

static void shorten(struct str *text, size_t length)
{
    if (text->length == length)
        return;
    text->length = length;
    text->bytes[length] = '\0';
}

static bool enter(struct xml_walk *walk, int to, const struct xml_opening *opening, struct err *err)
{
    const struct xml_place *entered = &walk->grammar->places[to];

    walk->frames[++walk->depth] = (struct frame){ .place = to, .text = walk->text.length };
    if (entered->open != NULL && !entered->open(walk->scene, opening, err))
        return blame(walk, err);
    return check(walk, err);
}

static bool on_open(void *context, const struct xml_name *name, const struct xml_attribute *attributes, size_t count,
                    struct err *err)
{
    struct xml_walk *walk = context;
    struct xml_opening opening = { .name = name, .attributes = attributes, .count = count };
    int to;

    walk->begun = true;
    if (walk->passed > 0) {
        walk->passed++;
        return true;
    }
    here(walk)->parent = true;
    /* What stood before it is no text then, and would only add up from level to level. */
    if (!place(walk)->mixed)
        shorten(&walk->text, here(walk)->text);
    to = next(walk, &opening);
    if (to != XML_NOWHERE)
        return enter(walk, to, &opening, err);
    walk->passed = 1;
    return place(walk)->other == NULL || place(walk)->other(walk->scene, &opening, err) || blame(walk, err);
}

static bool on_close(void *context, struct err *err)
{
    struct xml_walk *walk = context;
    size_t from = here(walk)->text;

    if (walk->passed > 0) {
        walk->passed--;
        return true;
    }
    if (place(walk)->close != NULL &&
        !place(walk)->close(walk->scene, str_text(&walk->text) + from, walk->text.length - from, err))
        return blame(walk, err);
    if (!check(walk, err))
        return false;
    shorten(&walk->text, from);
    walk->depth--;
    return true;
}

static bool too_long(const struct xml_walk *walk, struct err *err)
{
    const struct xml_place *at = place(walk);
    char quote[TEXT_QUOTE_SIZE];

    if (at->name != NULL)
        err_set(err, ERR_PROTOCOL, "%s <%s> has more than %zu bytes", at->text,
                text_quote(quote, at->name(walk->scene)), at->text_max);
    else
        err_set(err, ERR_PROTOCOL, "%s has more than %zu bytes", at->text, at->text_max);
    return blame(walk, err);
}

static bool on_text(void *context, const char *bytes, size_t size, struct err *err)
{
    struct xml_walk *walk = context;
    const struct xml_place *at = place(walk);

    if (walk->passed > 0 || at->text == NULL || (here(walk)->parent && !at->mixed))
        return true;
    if (size > at->text_max - (walk->text.length - here(walk)->text))
        return too_long(walk, err);
    str_add_bytes(&walk->text, bytes, size);
    return true;
}

/* ----------------------------------------------------------------------------------------------------- walk ---- */

struct xml_walk *xml_walk_create(const struct xml_grammar *grammar, void *scene)
{
    static const struct xml_events events = { .open = on_open, .close = on_close, .text = on_text };
    struct xml_walk *walk = mem_new(1, sizeof *walk);

    walk->xml = xml_create(&events, walk);
    walk->grammar = grammar;
    walk->scene = scene;
    walk->frames[0].place = XML_START;
    return walk;
}

void xml_walk_destroy(struct xml_walk *walk)
{
    if (walk == NULL)
        return;
    xml_destroy(walk->xml);
    str_finish(&walk->text);
    free(walk);
}

void xml_walk_restart(struct xml_walk *walk)
{
    xml_restart(walk->xml);
    str_clear(&walk->text);
    walk->frames[0].parent = false;
    walk->depth = walk->passed = walk->started = 0;
    walk->begun = false;
    memset(walk->start, 0, sizeof walk->start);
}

static void remember_start(struct xml_walk *walk, const char *bytes, size_t size)
{
    size_t part = START_SIZE - walk->started < size ? START_SIZE - walk->started : size;

    memcpy(walk->start + walk->started, bytes, part);
    walk->started += part;
}

/* For what ends, or is no XML any more, before its first element; false. */
static bool tell_start(const struct xml_walk *walk, struct err *err)
{
    char quote[TEXT_QUOTE_SIZE];

    if (walk->begun || walk->grammar->stranger == NULL)
        return false;
    if (walk->started == 0)
        return err_set(err, ERR_PROTOCOL, "the reply is empty");
    return err_add(err, "%s, and begins with \"%s\"", walk->grammar->stranger, text_quote(quote, walk->start));
}

bool xml_walk_feed(struct xml_walk *walk, const char *bytes, size_t size, struct err *err)
{
    if (!walk->begun)
        remember_start(walk, bytes, size);
    return xml_feed(walk->xml, bytes, size, err) || tell_start(walk, err);
}

bool xml_walk_end(struct xml_walk *walk, struct err *err)
{
    return xml_end(walk->xml, err) || tell_start(walk, err);
}

const char *xml_attribute(const struct xml_opening *opening, const char *space, const char *name)
{
    for (size_t i = 0; i < opening->count; i++)
        if (strcmp(opening->attributes[i].name.local, name) == 0 &&
            strcmp(opening->attributes[i].name.space, space) == 0)
            return opening->attributes[i].value;
    return NULL;
}
