/* The plugin that is measured: it prepares what a real one would, so that the process to fork is as large. */
#include "libraries.h"
#include "muster_plugin.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int prepare(struct muster_error *error)
{
    const char *wrong = libraries_prepare();

    return wrong == NULL ? 0 : muster_prepare_fail(error, "%s", wrong);
}

/* Ten attributes, as an inventory has them. */
static void emit(struct muster *m, int64_t number)
{
    static const char *const disks[] = { "C:", "D:" };
    struct muster_item *item;
    char key[48], name[48];

    snprintf(key, sizeof key, "4217e1d2-0c5e-4d6b-9f3a-%012llx", (unsigned long long)number);
    snprintf(name, sizeof name, "vm%06llu.corp.example", (unsigned long long)number);
    item = muster_item(m, "vm", key);
    muster_set(item, "name", name);
    muster_set(item, "guest.fqdn", name);
    muster_set(item, "guest.name", "Microsoft Windows Server 2016 (64-bit)");
    muster_set(item, "guest.build", "10.0.14393");
    muster_set(item, "folder", "/Datacenter/vm/production");
    muster_set_int(item, "cpus", 4);
    muster_set_int(item, "memory_bytes", INT64_C(17179869184));
    muster_set_bool(item, "tools_running", 1);
    muster_set_bool(item, "template", 0);
    muster_set_list(item, "disk_names", disks, 2);
    muster_emit(item);
}

/* What this process alone has in memory, in kB, as "dirty clean". Reads with as little of its own as possible. */
static void tell_memory(struct muster *m)
{
    struct muster_item *item = muster_item(m, "machine", "memory");
    char text[2048], note[48];
    int file = open("/proc/self/smaps_rollup", O_RDONLY | O_CLOEXEC);
    ssize_t size = file < 0 ? -1 : read(file, text, sizeof text - 1);
    unsigned long clean = 0, dirty = 0;
    const char *at;

    text[size < 0 ? 0 : size] = '\0';
    at = strstr(text, "Private_Clean:");
    if (at != NULL && sscanf(at, "Private_Clean: %lu kB Private_Dirty: %lu kB", &clean, &dirty) == 2) {
        snprintf(note, sizeof note, "%lu %lu", dirty, clean);
        muster_set(item, "note", note);
    }
    if (file >= 0)
        close(file);
    muster_emit(item);
}

/* Opening a FIFO to read waits until somebody opens it to write. */
static void wait_at(const char *gate)
{
    int file = gate == NULL ? -1 : open(gate, O_RDONLY | O_CLOEXEC);

    if (file >= 0)
        close(file);
}

static int scan(struct muster *m)
{
    int64_t count = muster_int(m, "count");

    for (int64_t i = 0; i < count; i++)
        emit(m, i);
    if (muster_bool(m, "memory"))
        tell_memory(m);
    if (muster_path(m, "gate") != NULL)
        muster_log(m, MUSTER_INFO, "at the gate");
    wait_at(muster_path(m, "gate"));
    return 0;
}

static const struct muster_option options[] = {
    { .name = "count", .type = MUSTER_INT, .fallback = "1", .help = "how many items" },
    { .name = "memory", .type = MUSTER_BOOL, .help = "tell the private memory in one more item's note" },
    { .name = "gate", .type = MUSTER_PATH, .help = "a FIFO: the scan ends when it is opened for writing" },
    { .name = NULL },
};

static const char *const kinds[] = { "vm", "machine", NULL };

MUSTER_PLUGIN(.name = "heavy", .version = "1.0", .summary = "prepares what real plugins prepare", .options = options,
              .kinds = kinds, .prepare = prepare, .scan = scan);
