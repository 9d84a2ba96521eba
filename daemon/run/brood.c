#include "brood.h"

#include "vec.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct kin {
    pid_t pid, parent, group, session;
    bool alive, ours;
};

typedef vec(struct kin) kin_vec;

/* "PID (NAME) STATE PARENT GROUP SESSION ...", where NAME may hold anything. */
static bool read_kin(pid_t pid, struct kin *kin)
{
    char path[64], text[512], state;
    const char *behind;
    ssize_t size;
    int file;

    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return false;
    size = read(file, text, sizeof text - 1);
    close(file);
    text[size < 0 ? 0 : size] = '\0';
    behind = strrchr(text, ')');
    *kin = (struct kin){ .pid = pid };
    if (behind == NULL || sscanf(behind, ") %c %d %d %d", &state, &kin->parent, &kin->group, &kin->session) != 4)
        return false;
    kin->alive = state != 'Z' && state != 'X';
    return true;
}

static pid_t number_of(const char *name)
{
    char *end;
    long number = strtol(name, &end, 10);

    return *end == '\0' && number > 0 ? (pid_t)number : 0;
}

/* Most of the time there is nobody, and a session is asked for in no time. */
static bool has_session(DIR *all, pid_t leader)
{
    const struct dirent *entry;
    struct kin kin;

    while ((entry = readdir(all)) != NULL) {
        pid_t pid = number_of(entry->d_name);

        if (pid != 0 && pid != leader && getsid(pid) == leader && read_kin(pid, &kin) && kin.alive)
            return true;
    }
    return false;
}

static void read_all(DIR *all, kin_vec *kins)
{
    const struct dirent *entry;
    struct kin kin;

    rewinddir(all);
    while ((entry = readdir(all)) != NULL) {
        pid_t pid = number_of(entry->d_name);

        if (pid != 0 && read_kin(pid, &kin))
            vec_push(kins, kin);
    }
}

static int compare(const void *a, const void *b)
{
    const struct kin *one = a, *other = b;

    return one->pid < other->pid ? -1 : one->pid > other->pid;
}

static bool is_ours(const kin_vec *kins, pid_t pid)
{
    const struct kin *kin =
        bsearch(&(struct kin){ .pid = pid }, kins->items, kins->count, sizeof *kins->items, compare);

    return kin != NULL && kin->ours;
}

/* Until nothing new is found: a child may have a lower number than its parent. */
static void mark(kin_vec *kins, pid_t leader)
{
    bool more = true;

    qsort(kins->items, kins->count, sizeof *kins->items, compare);
    vec_each (kin, kins)
        kin->ours = kin->pid == leader || kin->session == leader;
    while (more) {
        more = false;
        vec_each (kin, kins) {
            if (!kin->ours && kin->parent > 1 && is_ours(kins, kin->parent))
                kin->ours = more = true;
        }
    }
}

static size_t signal_marked(const kin_vec *kins, pid_t leader, int number)
{
    size_t count = 0;

    vec_each (kin, kins) {
        if (!kin->ours || !kin->alive || kin->pid == leader)
            continue;
        count++;
        if (number != 0 && kin->group != leader)
            kill(kin->pid, number);
    }
    return count;
}

/* The group as one, in which nothing can be missed that is being forked; then all others. */
size_t brood_signal(pid_t leader, int number)
{
    DIR *all = opendir("/proc");
    kin_vec kins = VEC_EMPTY;
    struct kin kin;
    size_t count = 0;

    if (all != NULL && ((read_kin(leader, &kin) && kin.alive) || has_session(all, leader))) {
        read_all(all, &kins);
        mark(&kins, leader);
    }
    if (number != 0)
        kill(-leader, number);
    count = signal_marked(&kins, leader, number);
    vec_finish(&kins);
    if (all != NULL)
        closedir(all);
    return count;
}
