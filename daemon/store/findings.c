#include "findings.h"

#include "coverage_row.h"
#include "exemption_row.h"
#include "findings_parts.h"
#include "meta.h"

#include <stdlib.h>
#include <string.h>

void findings_init(struct findings *findings, struct sql *sql, const struct occasion *occasion, int64_t at)
{
    *findings = (struct findings){ .sql = sql, .occasion = occasion, .at = at, .horizon = -1 };
    demands_init(&findings->demands, sql);
}

void findings_finish(struct findings *findings)
{
    vec_finish(&findings->notes);
    vec_finish(&findings->listed);
    vec_finish(&findings->fresh);
    demands_finish(&findings->demands);
}

bool findings_horizon(struct sql *sql, int64_t *horizon, struct err *err)
{
    return meta_read_number(sql, "findings_at", horizon, err);
}

bool findings_move_horizon(struct sql *sql, int64_t at, struct err *err)
{
    return meta_write_number(sql, "findings_at", at, err);
}

/* ------------------------------------------------------------------------------------------------------ noting ---- */

static bool asks(const struct findings *findings, const struct demand *demand)
{
    return demand_kind(demand) != 0 || demand_has_ended(demand, findings->horizon) ||
           demand_has_ended(demand, findings->at);
}

static bool came_late(const struct findings *findings, const struct demand *demand)
{
    return !demand_has_ended(demand, findings->horizon) && demand_has_ended(demand, findings->at);
}

static void note_coverage(struct findings *findings, const struct findings_note *note)
{
    number_vec *fresh = &findings->fresh;

    if (note->before->listed != note->now->listed ||
        (note->before->id != 0 && note->now->id != 0 && note->before->parts != note->now->parts))
        vec_push(&findings->listed, note->asset);
    else if (note->before->id == 0 && (fresh->count == 0 || vec_last(fresh) != note->asset))
        vec_push(fresh, note->asset);
}

bool findings_note(struct findings *findings, int64_t asset, int64_t before, int64_t now, struct err *err)
{
    struct findings_note note = { .asset = asset, .number = findings->notes.count };

    if (findings->horizon < 0 && !findings_horizon(findings->sql, &findings->horizon, err))
        return false;
    note.before = demands_find(&findings->demands, before, err);
    note.now = note.before == NULL ? NULL : demands_find(&findings->demands, now, err);
    if (note.now == NULL)
        return false;
    note_coverage(findings, &note);
    if (!asks(findings, note.before) && !asks(findings, note.now))
        return true;
    findings->late = findings->late || came_late(findings, note.before) || came_late(findings, note.now);
    vec_push(&findings->notes, note);
    return true;
}

/* ------------------------------------------------------------------------------------------------- protections ---- */

bool findings_cover(struct findings_writing *writing, int64_t asset, const struct demand *demand, int64_t *exemption,
                    struct err *err)
{
    *exemption = 0;
    return writing->exemptions.list.count == 0 ||
           exemptions_cover(&writing->exemptions, writing->findings->sql, asset, demand->id, exemption, err);
}

static struct finding_key key_of(const struct findings_note *note)
{
    const struct demand *demand = demand_kind(note->now) == FINDING_VERDICT ? note->now : note->before;

    return (struct finding_key){
        .kind = FINDING_VERDICT, .asset = note->asset, .method = demand->method, .server = demand->server
    };
}

static bool says_the_same(const struct findings_note *note)
{
    return demand_kind(note->before) == FINDING_VERDICT && note->before->need == note->now->need &&
           note->before->class == note->now->class && strcmp(note->before->verdict, note->now->verdict) == 0;
}

static bool write_protection(struct findings_writing *writing, const struct findings_note *note, struct err *err)
{
    const struct findings *findings = writing->findings;
    const struct finding_key key = key_of(note);
    struct finding_now now = { .judgement = note->now->id };
    bool anew = findings->occasion != NULL && findings->occasion->anew;
    bool done = false;

    if (demand_kind(note->now) != FINDING_VERDICT) {
        now.gone = note->now->id == 0 && !anew;
        return finding_set(findings->sql, &key, &now, findings->occasion, findings->at, err);
    }
    now.need = note->now->need;
    now.verdict = note->now->verdict;
    now.class = verdict_class_word(note->now->class);
    now.assets = 1;
    if (writing->exemptions.list.count == 0 && says_the_same(note) &&
        (!finding_move(findings->sql, &key, &now, &done, err) || done))
        return done;
    if (!findings_cover(writing, note->asset, note->now, &now.exemption, err))
        return false;
    now.exempt = now.exemption != 0;
    return finding_set(findings->sql, &key, &now, findings->occasion, findings->at, err);
}

/* Of each way to protect an asset there is one row, so each note is about another one. */
static bool write_protections(struct findings_writing *writing, const struct findings_note *notes, size_t count,
                              struct err *err)
{
    for (size_t i = 0; i < count; i++) {
        if ((demand_kind(notes[i].before) == FINDING_VERDICT || demand_kind(notes[i].now) == FINDING_VERDICT) &&
            !write_protection(writing, &notes[i], err))
            return false;
    }
    return true;
}

/* ----------------------------------------------------------------------------------------------------- writing ---- */

static int by_asset(const void *one, const void *other)
{
    const struct findings_note *a = one, *b = other;

    if (a->asset != b->asset)
        return a->asset < b->asset ? -1 : 1;
    return a->number < b->number ? -1 : 1;
}

/* As they are where assets were judged in the order of their numbers. */
static bool are_sorted(const struct findings_note *notes, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        if (notes[i].asset < notes[i - 1].asset)
            return false;
    }
    return true;
}

static size_t notes_of(const struct findings_note *notes, size_t count)
{
    size_t length = 1;

    while (length < count && notes[length].asset == notes[0].asset)
        length++;
    return length;
}

/* What has become late is counted by counting everything. */
static bool write_notes(struct findings_writing *writing, struct err *err)
{
    struct findings *findings = writing->findings;
    bool good = true;

    for (size_t at = 0, length; good && at < findings->notes.count; at += length) {
        const struct findings_note *notes = &findings->notes.items[at];

        length = notes_of(notes, findings->notes.count - at);
        good = write_protections(writing, notes, length, err) &&
               (findings->late || findings_add_keys(writing, notes, length, err));
    }
    if (!good)
        return false;
    return findings->late ? findings_recount(findings->sql, findings->occasion, findings->at, err)
                          : findings_write_keys(writing, err);
}

static bool write_all(struct findings *findings, struct err *err)
{
    struct findings_writing writing = { .findings = findings };
    bool good;

    if (!are_sorted(findings->notes.items, findings->notes.count))
        qsort(findings->notes.items, findings->notes.count, sizeof *findings->notes.items, by_asset);
    arena_init(&writing.arena, ARENA_PLAIN);
    good = exemptions_load(&writing.exemptions, findings->sql, findings->at, err) && write_notes(&writing, err);
    exemptions_finish(&writing.exemptions);
    vec_finish(&writing.list);
    vec_finish(&writing.touched);
    vec_finish(&writing.said);
    map_finish(&writing.keys);
    roster_finish(&writing.roster);
    str_finish(&writing.text);
    arena_finish(&writing.arena);
    vec_clear(&findings->notes);
    return good;
}

bool findings_write(struct findings *findings, struct err *err)
{
    struct coverage_news news = { &findings->listed, &findings->fresh };
    bool good = (findings->notes.count == 0 || write_all(findings, err)) &&
                coverage_settle(findings->sql, findings->occasion, &news, findings->at, err);

    vec_clear(&findings->listed);
    vec_clear(&findings->fresh);
    return good || err_add(err, "findings");
}
