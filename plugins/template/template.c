/* A plugin to copy (../README.md tells how): it records the machine it runs on and some of its file systems.
 *     cc -shared -fPIC -I.. template.c -o template.so && muster-plugin-host --once ./template.so mounts=/ */
#include "muster_plugin.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/statvfs.h>
#include <sys/utsname.h>

static const struct muster_option options[] = {
    { .name = "machine_id", .type = MUSTER_PATH, .fallback = "/etc/machine-id", .help = "file with the machine's id" },
    { .name = "name", .type = MUSTER_TEXT, .help = "name to record instead of the host name" },
    { .name = "kernel", .type = MUSTER_BOOL, .fallback = "true", .help = "whether to record the kernel's release" },
    { .name = "mounts", .type = MUSTER_LIST, .fallback = "/", .help = "folders whose file systems are recorded" },
    { 0 },
};
static const char *const kinds[] = { "machine", "volume", NULL };
static struct utsname system_name; /* the same for every scan, so prepare() finds it out once for all */

static int prepare(struct muster_error *error)
{
    return uname(&system_name) == 0 ? 0 : muster_prepare_fail(error, "uname: %s", strerror(errno));
}

/* The file's first line; NULL, and why in *why, where there is none. What muster_alloc() gives need not be freed. */
static const char *first_line(struct muster *m, const char *path, const char **why)
{
    char *line = muster_alloc(m, 256);
    FILE *file = fopen(path, "r");

    *why = file == NULL ? strerror(errno) : "it is empty";
    if (file == NULL)
        return NULL;
    if (fgets(line, 256, file) != NULL)
        line[strcspn(line, "\n")] = '\0';
    else if (ferror(file))
        *why = strerror(errno);
    fclose(file);
    return line[0] == '\0' ? NULL : line;
}

static int scan_mount(struct muster *m, const char *mount, const char *machine)
{
    struct muster_item *volume;
    struct statvfs size;

    if (statvfs(mount, &size) != 0) { /* one bad object is worth a warning, not the scan */
        muster_warn(m, "volume", mount, "its size cannot be read: %s", strerror(errno));
        return -1;
    }
    volume = muster_item(m, "volume", muster_fmt(m, "%s:%s", machine, mount)); /* a key that never changes */
    muster_set_int(volume, "volume.capacity", (int64_t)size.f_frsize * (int64_t)size.f_blocks);
    muster_set_list(volume, "volume.paths", &mount, 1);
    muster_link(volume, "part_of", "machine", machine);
    return muster_emit(volume);
}

static int scan(struct muster *m)
{
    const char *why, *uuid_why, *uuid = first_line(m, "/sys/class/dmi/id/product_uuid", &uuid_why);
    const char *path = muster_path(m, "machine_id"), *id = first_line(m, path, &why);
    struct muster_item *machine;
    size_t count, missed = 0;
    const char *const *mounts = muster_list(m, "mounts", &count);

    if (id == NULL) /* what failed, why, and what to do; the class decides when it is tried again */
        return muster_fail(m, MUSTER_UNSUPPORTED, "%s cannot be read (%s): set machine_id", path, why);
    machine = muster_item(m, "machine", id);
    muster_set(machine, "id.name", muster_is_set(m, "name") ? muster_text(m, "name") : system_name.nodename);
    if (muster_bool(m, "kernel"))
        muster_set(machine, "template.kernel", system_name.release); /* not in the dictionary, and welcome too */
    muster_set(machine, "id.uuid", uuid);                            /* NULL sets nothing */
    if (uuid == NULL) /* not read is not absent: without this, a UUID known from before would count as gone */
        muster_unread(machine, "id.uuid", "%s", uuid_why);
    muster_emit(machine);
    for (size_t i = 0; i < count; i++)
        missed += scan_mount(m, mounts[i], id) != 0;
    muster_end(m, missed == 0 ? MUSTER_COMPLETE : MUSTER_PARTIAL); /* partial: what was not seen is not gone */
    return 0;
}

static int check(struct muster *m) /* of the options alone, beyond what their table can say */
{
    if (muster_is_set(m, "name") && muster_text(m, "name")[0] == '\0')
        return muster_fail(m, MUSTER_CONFIG, "name is empty: give one, or leave the option out");
    return 0;
}

static int doctor(struct muster *m) /* what a scan needs, step by step, and what to do about each */
{
    const char *why, *id = first_line(m, muster_path(m, "machine_id"), &why);

    muster_step(m, "machine id", id != NULL ? MUSTER_STEP_OK : MUSTER_STEP_FAILED, id != NULL ? id : why,
                id != NULL ? NULL : "set machine_id to a file that can be read and is not empty");
    muster_step(m, "system", MUSTER_STEP_OK, system_name.release, NULL);
    return 0;
}

MUSTER_PLUGIN(.name = "template", .version = "1.0", .summary = "the machine it runs on; copy it to start a plugin",
              .options = options, .kinds = kinds, .prepare = prepare, .check = check, .scan = scan, .doctor = doctor);
