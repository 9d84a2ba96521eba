#include "cross.h"

#include "problem.h"
#include "text.h"
#include "trust.h"

#include <stdlib.h>
#include <string.h>

#define FAR 1000        /* candidates that make a long list */
#define FAR_SEARCHES 20 /* of long lists */

const char *draft_nearest(struct draft *draft, const char *name, const char *const *candidates, size_t count)
{
    if (count > FAR && draft->far_searches++ >= FAR_SEARCHES)
        return NULL;
    return text_nearest(name, candidates, count);
}

/* A former name that is still a target's, or that two claim. */
static void check_former_names(struct draft *draft)
{
    struct map former = MAP_EMPTY;
    char quote[TEXT_QUOTE_SIZE], file[TEXT_QUOTE_SIZE];

    vec_each (target, &draft->config->targets) {
        const struct config_place *now, *first;

        if (target->was == NULL)
            continue;
        now = map_get(&draft->names, target->was);
        first = map_get(&former, target->was);
        if (now != NULL)
            problem_add(draft->reader.problems, target->place, "was: \"%s\" is still the name of the target at %s:%d",
                        text_quote(quote, target->was), text_quote(file, now->file), now->line);
        if (first != NULL)
            problem_add(draft->reader.problems, target->place, "was: \"%s\" is also claimed by the target at %s:%d",
                        text_quote(quote, target->was), text_quote(file, first->file), first->line);
        else
            map_put(&former, target->was, &target->place);
    }
    map_finish(&former);
}

static void unknown_server(struct draft *draft, const struct config_assign *assign)
{
    struct config *config = draft->config;
    const char **names = mem_new(config->backup_servers.count + 1, sizeof *names);
    char quote[TEXT_QUOTE_SIZE], near[TEXT_QUOTE_SIZE];
    const char *nearest;
    size_t count = 0;

    vec_each (server, &config->backup_servers)
        names[count++] = server->name;
    nearest = draft_nearest(draft, assign->server, names, count);
    if (nearest != NULL)
        problem_add(draft->reader.problems, assign->place,
                    "server: there is no backup server \"%s\"; the nearest is \"%s\"",
                    text_quote(quote, assign->server), text_quote(near, nearest));
    else
        problem_add(draft->reader.problems, assign->place,
                    "server: there is no backup server \"%s\"; add it to "
                    "backup_servers = ( { name = \"...\"; product = \"mabs-v3\"; } );",
                    text_quote(quote, assign->server));
    free(names);
}

const char *draft_lowered(struct draft *draft, const char *name)
{
    char *copy = arena_text(draft->reader.arena, name);

    for (char *at = copy; *at != '\0'; at++)
        *at = (char)(*at >= 'A' && *at <= 'Z' ? *at - 'A' + 'a' : *at);
    return copy;
}

/* A name without a domain is that of any server so called, so of such two the later one is found by luck. labels: names
 * up to the first dot, to the first server of that. */
static void warn_of_twins(struct draft *draft, struct map *labels, struct config_backup_server *server)
{
    char quote[TEXT_QUOTE_SIZE], other[TEXT_QUOTE_SIZE], file[TEXT_QUOTE_SIZE];
    char *label = arena_text(draft->reader.arena, draft_lowered(draft, server->name));
    const struct config_backup_server *first;

    label[strcspn(label, ".")] = '\0';
    first = map_get(labels, label);
    if (first == NULL)
        map_put(labels, label, server);
    else if ((strchr(first->name, '.') == NULL) != (strchr(server->name, '.') == NULL))
        warning_add(draft->reader.problems, server->place,
                    "name: \"%s\" may be the backup server \"%s\" at %s:%d; take one out, or give both their domain",
                    text_quote(quote, server->name), text_quote(other, first->name),
                    text_quote(file, first->place.file), first->place.line);
}

static void check_servers(struct draft *draft)
{
    struct map servers = MAP_EMPTY, labels = MAP_EMPTY;
    char quote[TEXT_QUOTE_SIZE], file[TEXT_QUOTE_SIZE];

    vec_each (server, &draft->config->backup_servers) {
        const char *name = draft_lowered(draft, server->name);
        const struct config_backup_server *first = map_get(&servers, name);

        if (first == NULL)
            map_put(&servers, name, server);
        else
            problem_add(draft->reader.problems, server->place, "a backup server \"%s\" is already at %s:%d",
                        text_quote(quote, server->name), text_quote(file, first->place.file), first->place.line);
        warn_of_twins(draft, &labels, server);
    }
    vec_each (assign, &draft->config->assigns) {
        if (assign->server != NULL && map_get(&servers, draft_lowered(draft, assign->server)) == NULL)
            unknown_server(draft, assign);
    }
    map_finish(&servers);
    map_finish(&labels);
}

/* Names of targets and of entries with hosts; one with a wildcard is for whoever matches it. */
static void check_assigned_targets(struct draft *draft)
{
    struct map entries = MAP_EMPTY;
    char quote[TEXT_QUOTE_SIZE];

    vec_each (entry, &draft->entries) {
        if (entry->name != NULL)
            map_put(&entries, entry->name, entry);
    }
    vec_each (assign, &draft->config->assigns) {
        const char *target = assign->where.target;

        if (target != NULL && strpbrk(target, "*?") == NULL && map_get(&draft->names, target) == NULL &&
            map_get(&entries, target) == NULL)
            warning_add(draft->reader.problems, assign->place, "where.target: there is no target \"%s\"",
                        text_quote(quote, target));
    }
    map_finish(&entries);
}

/* Told now, and again by each scan that needs it: it may be mended at any time. */
static void look_at_password_files(struct draft *draft)
{
    struct err err;

    vec_each (credential, &draft->config->credentials) {
        if (credential->password_file != NULL && !trust_private(credential->password_file, &err))
            warning_add(draft->reader.problems, credential->place, "password_file: %s", err.text);
    }
}

void cross_check(struct draft *draft)
{
    cross_targets(draft);
    cross_plugins(draft);
    check_former_names(draft);
    check_servers(draft);
    check_assigned_targets(draft);
    cross_hooks(draft);
    if (draft->look)
        look_at_password_files(draft);
    if (draft->entries.count == 0)
        warning_add(draft->reader.problems, (struct config_place){ draft->config->file, 0 },
                    "there are no targets, so nothing will be scanned; add targets = ( { name = \"...\"; plugin = "
                    "\"...\"; } );");
}
