/* Any changes in any order: after each scan the inventory is what a scan of everything would see. MUSTER_ROUNDS says
 * how many scans, MUSTER_SEED which changes. */
#include "points.h"
#include "watcher.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define NAMES 256
#define USUAL_ROUNDS 30
#define THOROUGH_ROUNDS 300

struct names {
    char text[NAMES][64];
    size_t count;
};

static unsigned rounds_to_go(void)
{
    const char *text = getenv("MUSTER_ROUNDS");

    if (text != NULL)
        return (unsigned)strtoul(text, NULL, 10);
    return getenv("MUSTER_THOROUGH") == NULL ? USUAL_ROUNDS : THOROUGH_ROUNDS;
}

/* From {"names":["a","b"],...}: those that are written plainly. */
static void read_names(struct names *names, struct vcfleet *fleet, const char *type)
{
    const char *at = strchr(vcfleet_tell(fleet, "names %s", type), '[');

    names->count = 0;
    while (at != NULL && *at != ']' && names->count < NAMES) {
        const char *end = strchr(at + 2, '"');

        if (at[1] != '"' || end == NULL)
            break;
        if ((size_t)(end - at - 2) < sizeof names->text[0] && memchr(at + 2, '\\', (size_t)(end - at - 2)) == NULL)
            snprintf(names->text[names->count++], sizeof names->text[0], "%.*s", (int)(end - at - 2), at + 2);
        at = end + 1;
    }
}

static const char *one_of(struct names *names, struct vcfleet *fleet, const char *type)
{
    read_names(names, fleet, type);
    return names->count == 0 ? NULL : names->text[points_random((unsigned)names->count)];
}

static bool is_own_folder(const char *name)
{
    return name != NULL && strncmp(name, "folder-", 7) == 0;
}

/* ---------------------------------------------------------------------------------------------------------- steps */

/* What a step does to a machine, and what else it needs; NULL: a new name. The simulator breaks down over a machine
 * that changed and went before anybody asked, so one goes only as the first thing that happens. */
struct step {
    const char *format, *other;
};

static const struct step steps[] = {
    { "clone\t%s\t%s", NULL },
    { "power-on\t%s", "" },
    { "power-off\t%s", "" },
    { "rename\t%s\t%s", NULL },
    { "move-host\t%s\t%s", "HostSystem" },
    { "snapshot\t%s", "" },
    { "attribute\t%s\tColour\t%s", NULL },
    { "move-folder\t%s\t%s", "Folder" },
    { "destroy\t%s", "" },
};

enum { STEPS = sizeof steps / sizeof *steps };

/* Steps that a machine is not fit for (a template is not cloned, what is in a vApp is in no folder) are answered with
 * an error, and nothing has happened. */
static void change_machine(struct vcfleet *fleet, unsigned round, bool first)
{
    const struct step *step = &steps[points_random(first ? STEPS : STEPS - 1)];
    static struct names machines, others;
    const char *machine = one_of(&machines, fleet, "VirtualMachine"), *other = NULL;
    char fresh[32], command[256];
    struct err err;

    snprintf(fresh, sizeof fresh, "new-%u-%u", round, points_random(1000000));
    if (step->other == NULL)
        other = fresh;
    else if (step->other[0] != '\0')
        other = one_of(&others, fleet, step->other);
    if (machine == NULL)
        return;
    if (strcmp(step->format, "move-folder\t%s\t%s") == 0 && !is_own_folder(other))
        return;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    snprintf(command, sizeof command, step->format, machine, other);
#pragma GCC diagnostic pop
    vcfleet_command(fleet, command, &err);
}

static void change_folders(struct vcfleet *fleet, unsigned round)
{
    static struct names folders;
    const char *folder = one_of(&folders, fleet, "Folder");

    if (points_random(2) == 0 || !is_own_folder(folder))
        vcfleet_tell(fleet, "add-folder vm folder-%u-%u", round, points_random(1000000));
    else
        vcfleet_tell(fleet, "rename\t%s\tfolder-%u-%u", folder, round, points_random(1000000));
}

static void change_hosts(struct vcfleet *fleet, unsigned round)
{
    static struct names hosts;
    const char *host = one_of(&hosts, fleet, "HostSystem");

    if (points_random(4) == 0)
        vcfleet_tell(fleet, "rename\t%s\tesx-%u-%u.corp.example", host, round, points_random(1000000));
    else
        vcfleet_tell(fleet, "maintenance\t%s\t%s", host, points_random(2) == 0 ? "on" : "off");
}

static void change(struct vcfleet *fleet, unsigned round, bool first)
{
    unsigned which = points_random(20);

    if (which == 0)
        vcfleet_tell(fleet, "expire-sessions");
    else if (which == 1)
        vcfleet_tell(fleet, "forget-versions");
    else if (which < 4)
        change_folders(fleet, round);
    else if (which < 7)
        change_hosts(fleet, round);
    else
        change_machine(fleet, round, first);
}

static void any_changes_lead_to_what_a_full_scan_sees(void **state)
{
    const unsigned rounds = rounds_to_go();
    struct watcher watcher;
    unsigned deltas = 0;

    (void)state;
    watcher_begin(&watcher, vcfleet_begin("-vm", "4", "-max-objects", "5", "-max-updates", "3", NULL));
    watcher_set(&watcher, "exclude", "*7*"); /* so that renaming a machine also takes it out and in again */
    watcher_scan(&watcher, COMPLETE);
    for (unsigned round = 0; round < rounds; round++) {
        unsigned count = points_random(5);

        for (unsigned i = 0; i < count; i++)
            change(watcher.fleet, round, i == 0);
        watcher_scan(&watcher, 0);
        deltas += mock_completeness(watcher.mock) == DELTA;
        watcher_compare(&watcher);
    }
    assert_true(deltas > rounds / 4);
    watcher_end(&watcher);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(any_changes_lead_to_what_a_full_scan_sees) };

    return vcfleet_absent() != 0 ? vcfleet_absent() : cmocka_run_group_tests(tests, NULL, NULL);
}
