#include "disks.h"

#include "facts.h"
#include "text.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static bool begins(const char *text, const char *start)
{
    return strncasecmp(text, start, strlen(start)) == 0;
}

static bool is_on_drive(const char *path)
{
    return isalpha((unsigned char)path[0]) && path[1] == ':' && path[2] == '\\';
}

const char *disks_place(const char *path, bool node)
{
    if (begins(path, "\\\\?\\UNC\\"))
        return "smb";
    if (begins(path, "\\\\?\\Volume{"))
        return "local";
    if (begins(path, "\\\\?\\"))
        path += 4;
    if (is_on_drive(path))
        return node && begins(path + 2, "\\ClusterStorage\\") ? "csv" : "local";
    return path[0] == '\\' && path[1] == '\\' && isalnum((unsigned char)path[2]) ? "smb" : NULL;
}

const struct volume *disks_volume(const struct volumes *volumes, const char *path)
{
    vec_each (volume, volumes) {
        if (begins(path, volume->path) && path[strlen(volume->path)] == '\\')
            return volume;
    }
    return NULL;
}

struct sorting {
    struct machine *machine;
    const struct volumes *volumes;
    struct texts places, remote;
    bool unknown; /* of one disk it cannot be told */
};

static void sort_disk(struct sorting *sorting, const char *path, bool node)
{
    struct item *item = &sorting->machine->item;
    const struct volume *volume = disks_volume(sorting->volumes, path);
    const char *place = volume != NULL ? "csv" : disks_place(path, node);
    char quote[TEXT_QUOTE_SIZE], why[TEXT_QUOTE_SIZE + 60];

    if (volume != NULL)
        facts_link(item, "stored_on", "csv", volume->key);
    if (place == NULL) {
        snprintf(why, sizeof why, "where the disk '%s' lies cannot be told", text_quote(quote, path));
        facts_unread(item, "vm.disk_places", why);
        sorting->unknown = true;
        return;
    }
    vec_push(&sorting->places, place);
    if (strcmp(place, "smb") == 0)
        vec_push(&sorting->remote, path);
}

/* Disks of a VHD set are there to be shared. */
static void add_sets(struct machine *machine)
{
    vec_each (path, &machine->disks) {
        size_t length = strlen(*path);

        if (length > 5 && strcasecmp(*path + length - 5, ".vhds") == 0)
            vec_push(&machine->shared, *path);
    }
}

static void write_shared(struct machine *machine, const char *why)
{
    add_sets(machine);
    if (why != NULL)
        facts_unread(&machine->item, "vm.shared_disks", why);
    else
        facts_set(&machine->item, "vm.shared_disks", machine->shared.items, machine->shared.count);
}

static void mark_all(struct item *item)
{
    static const char *const lists[] = { "vm.disk_places", "vm.disks", "vm.pass_through_disks", "vm.remote_disks",
                                         "vm.shared_disks" };
    char why[80];

    snprintf(why, sizeof why, "it has more than %d disks or network cards of one sort", MACHINE_MAX_PARTS);
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        facts_unread(item, lists[i], why);
}

void disks_write(struct machine *machine, const struct volumes *volumes, bool node, const char *shared)
{
    struct sorting sorting = { .machine = machine, .volumes = volumes };
    struct item *item = &machine->item;

    if (machine->overfull) {
        mark_all(item);
        return;
    }
    vec_each (path, &machine->disks)
        sort_disk(&sorting, *path, node);
    if (machine->pass_through.count > 0)
        vec_push(&sorting.places, "pass_through");
    if (!sorting.unknown)
        facts_set(item, "vm.disk_places", sorting.places.items, sorting.places.count);
    facts_set(item, "vm.remote_disks", sorting.remote.items, sorting.remote.count);
    facts_set(item, "vm.disks", machine->disks.items, machine->disks.count);
    facts_set(item, "vm.pass_through_disks", machine->pass_through.items, machine->pass_through.count);
    write_shared(machine, shared);
    vec_finish(&sorting.places);
    vec_finish(&sorting.remote);
}
