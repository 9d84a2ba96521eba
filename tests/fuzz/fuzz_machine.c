/* Any bytes as instances of Hyper-V's classes, a record to a class: a line "?" and a digit that chooses what takes it,
 * then a property to a line, Name=Value or Name. What comes of it is items within their limits; a name that would be
 * offered is one of a computer. */
#include "cim_gather.h"
#include "disks.h"
#include "guest.h"
#include "machine.h"
#include "mem.h"

#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(bool truth)
{
    if (!truth)
        abort();
}

static void take_system(struct machines *machines, const struct cim_instance *instance)
{
    struct err err = ERR_EMPTY;

    expect(machines_take_system(machines, "HV1", instance, &err) || err.class == ERR_PROTOCOL);
}

static void (*const takers[])(struct machines *machines, const struct cim_instance *instance) = {
    take_system,          machines_take_setting,  machines_take_global, machines_take_resource,
    machines_take_shared, machines_take_exchange,
};

static void take_property(struct cim_gather *gather, char *line)
{
    char *value = strchr(line, '=');
    struct err err;

    if (value != NULL)
        *value++ = '\0';
    if (!cim_gather_open(gather, line, value == NULL, 64, &err))
        return;
    cim_gather_close(gather, value == NULL ? "" : value, value == NULL ? 0 : strlen(value));
}

static void take_all(struct machines *machines, struct cim_gather *gather, char *text)
{
    size_t taker = 0, properties = 0;
    char *line, *rest = text;

    cim_gather_begin(gather, "");
    while ((line = strsep(&rest, "\n")) != NULL) {
        if (line[0] != '?' && properties++ < 64) {
            take_property(gather, line);
            continue;
        }
        takers[taker](machines, cim_gather_end(gather));
        cim_gather_begin(gather, "");
        properties = 0;
        taker = (size_t)(unsigned char)(line[0] == '?' ? line[1] : '0') % (sizeof takers / sizeof *takers);
    }
    takers[taker](machines, cim_gather_end(gather));
}

static void check(struct machines *machines, struct machine *machine)
{
    struct volume volume = { "C:\\ClusterStorage\\Volume1", "key" };
    const struct volumes volumes = { &volume, 1, 1 };
    struct err err;

    disks_write(machine, &volumes, true, NULL);
    guest_silence(machine, machines->arena);
    expect(item_check(&machine->item, &err));
    expect(machine->item.bytes <= ITEM_MAX_BYTES);
    expect(machines_find(machines, machine->item.key) == machine);
    if (machine->hostname == NULL || !guest_is_name(machine->hostname))
        return;
    for (const char *at = machine->hostname; *at != '\0'; at++)
        expect(isalnum((unsigned char)*at) || *at == '-' || *at == '.');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = mem_new(size + 1, 1);
    struct machines machines;
    struct cim_gather gather;
    struct arena arena;

    if (size > 0)
        memcpy(text, data, size);
    arena_init(&arena, ARENA_PLAIN);
    cim_gather_init(&gather);
    machines_init(&machines, &arena);
    take_all(&machines, &gather, text);
    vec_each (machine, &machines.all)
        check(&machines, *machine);
    machines_finish(&machines);
    cim_gather_finish(&gather);
    arena_finish(&arena);
    free(text);
    return 0;
}
