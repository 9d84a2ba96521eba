/* What reports that are made by hand are made of. */
#ifndef MADE_PARTS_H
#define MADE_PARTS_H

#include "made.h"

#define DAY INT64_C(86400000)
#define PAGE "https://docs.example/protection-matrix"

#define ALL(list) (list), sizeof(list) / sizeof *(list)

/* What a row says first, its last words say otherwise. */
#pragma GCC diagnostic ignored "-Woverride-init"

/* A protection: what differs between those of a set. */
#define ROW(number, name_, need_, group_, verdict_, class_, ...)                                                         \
    {                                                                                                                    \
        .row = {                                                                                                       \
            .protection = { .asset = { .id = (number), .kind = "vm", .name = (name_), .seen_at = MADE_AT - 2 * DAY },     \
                            .method = "agent",                                                                         \
                            .server = "mabs01.example",                                                                \
                            .product = "mabs-v2",                                                                      \
                            .workload = "server",                                                                      \
                            .version = "Windows Server 2008 SP2",                                                      \
                            .installation = "physical",                                                                \
                            .verdict = (verdict_),                                                                     \
                            .class = (class_),                                                                         \
                            .reason = "row 20 says no",                                                                \
                            .counts = true,                                                                            \
                            .by = "any",                                                                               \
                            .since_at = MADE_AT - 30 * DAY },                                                          \
            .need = (need_),                                                                                           \
            .group = (group_),                                                                                         \
            .rows = { (const char *const[]){ "20" }, 1 },                                                              \
            .edition = "azure-backup-server",                                                                          \
            .page = PAGE,                                                                                              \
            .date = "2018-08-17",                                                                                      \
            .installation_of = "workload",                                                                             \
            .basis = "00112233445566778899aabbccddeeff",                                                               \
            .seen_at = MADE_AT - 2 * DAY,                                                                              \
        },                                                                                                             \
        __VA_ARGS__ \
    }

#define UPGRADE "Upgrade each of them to Windows Server 2016."
#define OLD "server Windows Server 2008 SP2, physical, mabs-v2"

#define COUNT(name, verdict, class, ruled, count, stale)                                                               \
    {                                                                                                                  \
        (name), (verdict), (class), (ruled), (count), (count), (stale)                                                 \
    }

/* Those whose groups are large or many: made_groups.c. */
#define MADE_GROUPS 2
extern const struct made made_groups[MADE_GROUPS];

#endif
