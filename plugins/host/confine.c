#include "confine.h"

#include "run.h"

#include <linux/capability.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#define MAX_DESCRIPTORS 256
#define MAX_SIGNALS 1024    /* waiting, and timers: the user has a limit for all its processes together */
#define MAX_FILE (1U << 20) /* bytes: of files in memory, which the limit on address space does not count */

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

static const struct {
    const char *name;
    bool (*there)(void);
} layers[LAYER_COUNT] = {
    [LAYER_LANDLOCK] = { "Landlock", landlock_there },
    [LAYER_SECCOMP] = { "seccomp", seccomp_there },
};

bool demand_named(const char *word, enum demand *demand)
{
    static const char *const words[] = {
        [DEMAND_WANTED] = "wanted", [DEMAND_REQUIRED] = "required", [DEMAND_OFF] = "off"
    };

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strcmp(words[i], word) == 0) {
            *demand = (enum demand)i;
            return true;
        }
    }
    return false;
}

void confine_describe(const struct confinement *confinement, struct str *out)
{
    for (size_t i = 0; i < LAYER_COUNT; i++) {
        bool off = confinement->demands[i] == DEMAND_OFF;

        if (off || !layers[i].there())
            str_format(out, "%s%s is %s", out->length == 0 ? "" : ", ", layers[i].name,
                       off ? "switched off" : "not in this kernel");
    }
}

bool confine_possible(const struct confinement *confinement, struct err *err)
{
    for (size_t i = 0; i < LAYER_COUNT; i++) {
        if (confinement->demands[i] == DEMAND_REQUIRED && !layers[i].there())
            return err_set(err, ERR_CONFIG, "%s is required, and this kernel does not have it", layers[i].name);
    }
    return true;
}

static bool limit(int resource, rlim_t value, const char *what, struct err *err)
{
    const struct rlimit rlimit = { .rlim_cur = value, .rlim_max = value };

    return setrlimit((__rlimit_resource_t)resource, &rlimit) == 0 || err_system(err, "limiting %s", what);
}

static bool limit_descriptors(struct err *err)
{
    struct rlimit rlimit;

    if (getrlimit(RLIMIT_NOFILE, &rlimit) != 0)
        return err_system(err, "limiting descriptors");
    if (rlimit.rlim_max < MAX_DESCRIPTORS || limit(RLIMIT_NOFILE, MAX_DESCRIPTORS, "descriptors", err))
        return true;
    /* Valgrind lets nobody lower the hard limit. */
    rlimit.rlim_cur = MAX_DESCRIPTORS;
    return setrlimit(RLIMIT_NOFILE, &rlimit) == 0;
}

/* A second of grace lies between the signal that names the cause (SIGXCPU) and the one that cannot be caught. */
static bool limit_cpu(rlim_t seconds, struct err *err)
{
    const struct rlimit rlimit = { .rlim_cur = seconds, .rlim_max = seconds + 1 };

    return setrlimit(RLIMIT_CPU, &rlimit) == 0 || err_system(err, "limiting processor time");
}

/* Root keeps only the right to read files, since a path it was given may belong to somebody else. */
static bool drop_capabilities(struct err *err)
{
    struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
    struct __user_cap_data_struct data[2] = { 0 };

    if (geteuid() == 0)
        data[0].effective = data[0].permitted = 1U << CAP_DAC_READ_SEARCH;
    return syscall(SYS_capset, &header, data) == 0 || err_system(err, "dropping capabilities");
}

static bool leave_host(int parent, struct err *err)
{
    if (setsid() < 0)
        return err_system(err, "starting a session");
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || prctl(PR_SET_DUMPABLE, 0) != 0)
        return err_system(err, "leaving the host");
    /* The host may have died before PDEATHSIG was set. */
    if (getppid() != parent)
        raise(SIGKILL);
    return true;
}

bool confine_limits(const struct message_order *order, int parent, struct err *err)
{
    if (!leave_host(parent, err) || !limit(RLIMIT_CORE, 0, "core files", err) ||
        !limit(RLIMIT_FSIZE, MAX_FILE, "files", err) || !limit(RLIMIT_SIGPENDING, MAX_SIGNALS, "signals", err) ||
        !limit_descriptors(err))
        return false;
    /* A sanitizer maps terabytes of shadow memory, which no limit on address space lets it have. */
    if (order->memory_mb > 0 && !SANITIZED && !limit(RLIMIT_AS, (rlim_t)order->memory_mb << 20, "memory", err))
        return false;
    if (order->cpu_s > 0 && !limit_cpu(order->cpu_s, err))
        return false;
    return drop_capabilities(err);
}

static bool is_used(const struct confinement *confinement, enum layer layer)
{
    return confinement->demands[layer] != DEMAND_OFF && layers[layer].there();
}

static bool apply(const struct confinement *confinement, const char *const *paths, size_t path_count, struct err *err)
{
    if (!confine_possible(confinement, err))
        return false;
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return err_system(err, "giving up new privileges");
    if (is_used(confinement, LAYER_LANDLOCK) && !landlock_apply(paths, path_count, err))
        return false;
    return !is_used(confinement, LAYER_SECCOMP) || seccomp_apply(err);
}

/* Every path that an option names, so that Landlock lets the plugin read it. */
static size_t collect_paths(const struct muster *m, const char *paths[OPTION_MAX_COUNT])
{
    const struct option_table *table = &m->plugin->options;
    size_t count = 0;

    for (size_t i = 0; i < table->count; i++) {
        if (table->specs[i].type == OPTION_PATH && m->values[i].set)
            paths[count++] = m->values[i].texts[0];
    }
    return count;
}

bool confine_run(struct muster *m, const struct confinement *confinement)
{
    const char *paths[OPTION_MAX_COUNT];
    struct err err;

    if (confinement == NULL || apply(confinement, paths, collect_paths(m, paths), &err))
        return true;
    run_fail(m, err.class, "%s", err.text);
    return false;
}
