/* Zones for tests: the system's own files, and files made by hand. */
#ifndef ZONE_TESTING_H
#define ZONE_TESTING_H

#include "arena.h"
#include "zone.h"

#include <stdio.h>
#include <string.h>

#define ZONES_OF_THE_SYSTEM "/usr/share/zoneinfo"

struct zone_file {
    unsigned char bytes[ZONE_MAX_BYTES + 1];
    size_t size;
};

static inline bool zone_file_load(struct zone_file *file, const char *path)
{
    FILE *stream = fopen(path, "rb");

    if (stream == NULL)
        return false;
    file->size = fread(file->bytes, 1, sizeof file->bytes, stream);
    fclose(stream);
    return true;
}

static inline const struct zone *zone_of_system(const char *name, struct arena *arena)
{
    static struct zone_file file;
    char path[300];

    snprintf(path, sizeof path, ZONES_OF_THE_SYSTEM "/%s", name);
    return zone_file_load(&file, path) ? zone_read(file.bytes, file.size, arena, NULL) : NULL;
}

static inline void zone_file_add(struct zone_file *file, const void *bytes, size_t size)
{
    memcpy(file->bytes + file->size, bytes, size);
    file->size += size;
}

static inline void zone_file_add_32(struct zone_file *file, uint32_t value)
{
    const unsigned char bytes[] = { (unsigned char)(value >> 24), (unsigned char)(value >> 16),
                                    (unsigned char)(value >> 8), (unsigned char)value };

    zone_file_add(file, bytes, sizeof bytes);
}

/* A header with these counts: of leap seconds, changes and types; one character. */
static inline void zone_file_add_header(struct zone_file *file, char version, uint32_t leaps, uint32_t times,
                                        uint32_t types)
{
    const char start[20] = { 'T', 'Z', 'i', 'f', version };

    zone_file_add(file, start, sizeof start);
    for (int i = 0; i < 6; i++)
        zone_file_add_32(file, i == 2 ? leaps : i == 3 ? times : i == 4 ? types : i == 5);
}

static inline void zone_file_add_type(struct zone_file *file, int32_t offset)
{
    zone_file_add_32(file, (uint32_t)offset);
    zone_file_add(file, "\0\0", 2);
}

/* No change but by this rule. */
static inline void zone_file_by_rule(struct zone_file *file, const char *rule)
{
    file->size = 0;
    for (int block = 0; block < 2; block++) {
        zone_file_add_header(file, '3', 0, 0, 1);
        zone_file_add_type(file, 0);
        zone_file_add(file, "", 1);
    }
    zone_file_add(file, "\n", 1);
    zone_file_add(file, rule, strlen(rule));
    zone_file_add(file, "\n", 1);
}

#endif
