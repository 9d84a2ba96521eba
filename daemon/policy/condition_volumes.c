#include "condition_parts.h"

#include "judge.h"

#include <string.h>

/* Volumes of a computer. What the judged server protects of it may name some; then it is about these. */

enum {
    LOCAL_DISK = 3,
    MAX_PLACES = 256,       /* that protection names on one computer; what is beyond may be on any of its volumes */
    MAX_PATHS = 64,         /* of one volume that are looked at */
    MAX_PATH = 1024,        /* bytes of one; a volume with a longer one is as one whose paths are not known */
    MAX_SERVERS = 64,       /* that one data source names; it has one */
    MAX_COMPARED = 1 << 18, /* pairs of a place and a path, in each pass; what is beyond leaves all of it unknown */
};

static const char *const volume_kinds[] = { "volume", NULL };
static const char *const protected_kinds[] = { "protected", NULL };
static const char *const server_kinds[] = { "backup_server", NULL };

/* A path that is protected. */
struct place {
    const char *path;
    bool certain;
    size_t depth; /* bytes of the longest path of a volume that it lies in; 0: of none */
    bool whole;   /* it is that path itself, so no volume that stands further down can hold it */
};

struct choice {
    struct condition_walk *walk;
    struct place places[MAX_PLACES];
    size_t count;
    size_t compared;           /* pairs, in the pass in hand */
    const struct thing *owner; /* of the volumes */
    bool hidden;               /* there is a volume whose paths are not all known */
    const struct thing *about; /* something may be protected that is not among them: by what, and which fact tells */
    const char *missing;
};

static void doubt(struct choice *choice, const struct thing *about, const char *missing)
{
    if (choice->missing == NULL) {
        choice->about = about;
        choice->missing = missing;
    }
}

/* ----------------------------------------------------------------------------------------- what is protected ---- */

/* Equal, or one is the unqualified form of the other. */
static bool names_agree(const char *one, const char *other)
{
    size_t length = strcspn(one, ".");

    if (strcasecmp(one, other) == 0)
        return true;
    return (one[length] == '\0' || strchr(other, '.') == NULL) && strcspn(other, ".") == length &&
           strncasecmp(one, other, length) == 0;
}

static bool is_server(const struct thing *server, const struct thing_tie *tie, const struct thing *far)
{
    const char *name = far != NULL ? far->name : tie->name;

    if (tie->far > 0 && tie->far == server->id)
        return true;
    return name != NULL && server->name != NULL && names_agree(name, server->name);
}

enum truth condition_of_server(struct condition_walk *walk, const struct thing *source)
{
    const struct thing *server = judge_server(walk->judge);
    struct condition_walk silent = *walk;
    const struct thing_tie *tie;
    enum truth result = TRUTH_UNKNOWN;
    size_t at = 0, looked = 0;

    if (server == NULL)
        return TRUTH_YES;
    while ((tie = thing_tie(source, "protected_by", true, &at)) != NULL) {
        if (++looked > MAX_SERVERS)
            return TRUTH_UNKNOWN;
        const struct thing *far = condition_far(&silent, tie, server_kinds);

        if (is_server(server, tie, far))
            return TRUTH_YES;
        result = far != NULL ? TRUTH_NO : result;
    }
    return result;
}

enum truth condition_is_protected(const struct thing *source)
{
    static const char *const ended[] = { "unprotected", "stopped", "inactive" };
    const char *state = thing_text(source, "protected.state");

    for (size_t i = 0; state != NULL && i < sizeof ended / sizeof *ended; i++) {
        if (strcasecmp(state, ended[i]) == 0)
            return TRUTH_NO;
    }
    return state == NULL ? TRUTH_UNKNOWN : TRUTH_YES;
}

static void add_place(struct choice *choice, const struct thing *protected, const char *path, bool certain)
{
    if (choice->count < MAX_PLACES)
        choice->places[choice->count++] = (struct place){ path, certain, 0, false };
    else
        doubt(choice, protected, "protected.paths");
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_path(const char *text)
{
    return text != NULL && is_letter(text[0]) && text[1] == ':' && (text[2] == '\\' || text[2] == '\0');
}

/* The volume that it is named after, and its paths; what is of another type and has no paths names no volume. */
static void choose_by(struct choice *choice, const struct thing *protected, bool certain)
{
    const struct value *paths = thing_fact(protected, "protected.paths");
    const char *type = thing_text(protected, "protected.type"), *name = thing_text(protected, "id.name");
    bool volume = type == NULL || strcasecmp(type, "Volume") == 0, is_named = volume && is_path(name);

    if (is_named)
        add_place(choice, protected, name, certain);
    if (paths != NULL && paths->type == VALUE_LIST) {
        for (size_t i = 0; i < paths->list.count && i <= MAX_PLACES; i++)
            add_place(choice, protected, paths->list.texts[i], certain);
    } else if (volume && !is_named) {
        doubt(choice, protected, type == NULL ? "protected.type" : "protected.paths");
    }
}

static void choose(struct choice *choice, const struct thing *thing)
{
    struct condition_walk silent = *choice->walk;
    const struct thing_tie *tie;
    size_t at = 0;

    while (!silent.done && (tie = thing_tie(thing, "protects", false, &at)) != NULL) {
        const struct thing *protected = condition_far(&silent, tie, protected_kinds);
        enum truth mine = protected == NULL ? TRUTH_NO : condition_of_server(choice->walk, protected);

        enum truth now = protected == NULL ? TRUTH_NO : condition_is_protected(protected);

        if (mine != TRUTH_NO && now != TRUTH_NO)
            choose_by(choice, protected, mine == TRUTH_YES && now == TRUTH_YES);
    }
    if (silent.incomplete && !choice->walk->incomplete)
        doubt(choice, thing, "protected.paths");
}

/* ---------------------------------------------------------------------------------------------------- volumes ---- */

/* Whether a path lies in a folder: D:\Data in D:\, not D:\Database in D:\Data. */
static bool lies_in(const char *path, const char *folder, size_t *depth)
{
    size_t length = strlen(folder);

    while (length > 0 && folder[length - 1] == '\\')
        length--;
    *depth = length;
    return length > 0 && strncasecmp(path, folder, length) == 0 && (path[length] == '\\' || path[length] == '\0');
}

static const struct value *paths_of(const struct thing *volume)
{
    const struct value *paths = thing_fact(volume, "volume.paths");

    if (paths == NULL || paths->type != VALUE_LIST)
        return NULL;
    for (size_t i = 0; i < paths->list.count && i < MAX_PATHS; i++) {
        if (strnlen(paths->list.texts[i], MAX_PATH + 1) > MAX_PATH)
            return NULL;
    }
    return paths;
}

/* How deep a place lies in the volume; 0: it does not, or there were too many pairs before. */
static size_t depth_in(struct choice *choice, const struct place *place, const struct value *paths)
{
    size_t deepest = 0, depth;

    for (size_t i = 0; i < paths->list.count && i < MAX_PATHS; i++) {
        if (choice->compared == MAX_COMPARED) {
            choice->hidden = true;
            doubt(choice, choice->owner, "volume.paths");
            return 0;
        }
        choice->compared++;
        if (lies_in(place->path, paths->list.texts[i], &depth) && depth > deepest)
            deepest = depth;
    }
    return deepest;
}

/* A place lies in the volume whose path is the longest: a mount point is not the volume that it stands on. */
static void measure(struct choice *choice, const struct thing *volume)
{
    const struct value *paths = paths_of(volume);

    choice->hidden |= paths == NULL || paths->list.count > MAX_PATHS;
    for (size_t i = 0; paths != NULL && i < choice->count; i++) {
        struct place *place = &choice->places[i];
        size_t depth = depth_in(choice, place, paths);

        if (depth > place->depth) {
            place->depth = depth;
            place->whole = place->path[depth] == '\0' || strcmp(place->path + depth, "\\") == 0;
        }
    }
}

/* A place that is on none of the volumes may be on any whose paths are not known, or be no path at all. */
static void doubt_places(struct choice *choice, const struct thing *thing)
{
    for (size_t i = 0; i < choice->count; i++) {
        if (choice->places[i].depth == 0 || !choice->places[i].certain)
            doubt(choice, thing, "protected.paths");
    }
}

static bool is_chosen_any(const struct choice *choice)
{
    for (size_t i = 0; i < choice->count; i++) {
        if (choice->places[i].certain)
            return true;
    }
    return false;
}

/* Whether a place lies in the volume; unknown where a volume of unknown paths may stand in between. */
static enum truth holds(struct choice *choice, const struct place *place, const struct value *paths)
{
    if (!place->certain || place->depth == 0 || depth_in(choice, place, paths) != place->depth)
        return TRUTH_NO;
    return place->whole || !choice->hidden ? TRUTH_YES : TRUTH_UNKNOWN;
}

static enum truth is_chosen(struct choice *choice, const struct value *paths)
{
    enum truth chosen = TRUTH_NO;

    if (choice->count == 0 && choice->missing == NULL)
        return TRUTH_YES;
    for (size_t i = 0; paths != NULL && i < choice->count && chosen != TRUTH_YES; i++) {
        enum truth held = holds(choice, &choice->places[i], paths);

        chosen = held == TRUTH_NO ? chosen : held;
    }
    if (chosen != TRUTH_NO)
        return chosen;
    return choice->missing != NULL || paths == NULL || paths->list.count > MAX_PATHS || !is_chosen_any(choice)
               ? TRUTH_UNKNOWN
               : TRUTH_NO;
}

static void weaken(struct condition_member *member, const struct thing *about, const char *missing)
{
    if (member->in == TRUTH_YES) {
        member->in = TRUTH_UNKNOWN;
        member->about = about;
        member->missing = missing;
    }
}

static void offer_volume(struct choice *choice, const struct thing *volume)
{
    const struct value *paths = paths_of(volume), *type = thing_fact(volume, "volume.drive_type");
    struct condition_member member = { .thing = volume, .in = TRUTH_YES };
    enum truth chosen = is_chosen(choice, paths);
    bool told = type != NULL && type->type == VALUE_INT;

    if (chosen == TRUTH_NO || (paths != NULL && paths->list.count == 0) || (told && type->number != LOCAL_DISK))
        return;
    if (paths == NULL)
        weaken(&member, volume, "volume.paths");
    if (!told)
        weaken(&member, volume, "volume.drive_type");
    if (chosen == TRUTH_UNKNOWN)
        weaken(&member, choice->missing == NULL ? volume : choice->about,
               choice->missing == NULL ? "protected.paths" : choice->missing);
    condition_offer(choice->walk, &member);
}

static void each_volume(struct choice *choice, struct condition_walk *walk, const struct thing *thing,
                        void (*does)(struct choice *choice, const struct thing *volume))
{
    const struct thing_tie *tie;
    size_t at = 0;

    while (!walk->done && (tie = thing_tie(thing, "part_of", false, &at)) != NULL) {
        const struct thing *volume = condition_far(walk, tie, volume_kinds);

        if (volume != NULL)
            does(choice, volume);
    }
}

void condition_volumes(struct condition_walk *walk, const struct thing *thing)
{
    struct choice choice;
    struct condition_walk silent = *walk;

    choice.walk = walk;
    choice.count = 0;
    choice.compared = 0;
    choice.owner = thing;
    choice.hidden = false;
    choice.missing = NULL;
    choose(&choice, thing);
    if (choice.count > 0) {
        each_volume(&choice, &silent, thing, measure);
        choice.hidden |= silent.incomplete;
        doubt_places(&choice, thing);
    }
    choice.compared = 0;
    each_volume(&choice, walk, thing, offer_volume);
}
