#include "brood.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MOST_LOOKED_AT 4000 /* numbers of processes, by the loop: a millisecond at most */

struct kin {
    pid_t pid, parent, group, session;
    uint64_t start;
    bool alive, ours;
};

typedef vec(struct kin) kin_vec;

/* Of a line "PID (NAME) STATE PARENT GROUP SESSION ... START ...", where NAME may hold anything: the numbers from
 * PARENT on. */
enum { PARENT, GROUP, SESSION, START = 18, NUMBERS };

static bool read_numbers(const char *text, uint64_t numbers[NUMBERS])
{
    char *end;

    for (int i = 0; i < NUMBERS; i++) {
        numbers[i] = (uint64_t)strtoll(text, &end, 10);
        if (end == text)
            return false;
        text = end;
    }
    return true;
}

static bool read_kin(pid_t pid, struct kin *kin)
{
    char path[64], text[512];
    uint64_t numbers[NUMBERS];
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
    if (behind == NULL || strlen(behind) < 4 || !read_numbers(behind + 3, numbers))
        return false;
    *kin = (struct kin){
        .pid = pid,
        .parent = (pid_t)numbers[PARENT],
        .group = (pid_t)numbers[GROUP],
        .session = (pid_t)numbers[SESSION],
        .start = numbers[START],
        .alive = behind[2] != 'Z' && behind[2] != 'X',
    };
    return true;
}

static pid_t number_of(const char *name)
{
    char *end;
    long number = strtol(name, &end, 10);

    return *end == '\0' && number > 0 ? (pid_t)number : 0;
}

static bool is_of_session(pid_t pid, pid_t leader)
{
    struct kin kin;

    return pid != leader && getsid(pid) == leader && read_kin(pid, &kin) && kin.alive;
}

static bool has_session(DIR *all, pid_t leader)
{
    const struct dirent *entry;

    while ((entry = readdir(all)) != NULL) {
        pid_t pid = number_of(entry->d_name);

        if (pid != 0 && is_of_session(pid, leader))
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

static struct kin *find(const kin_vec *kins, pid_t pid)
{
    return bsearch(&(struct kin){ .pid = pid }, kins->items, kins->count, sizeof *kins->items, compare);
}

static void mark_known(kin_vec *kins, const struct brood *brood)
{
    vec_each (member, &brood->members) {
        struct kin *kin = find(kins, member->pid);

        if (kin != NULL && kin->start == member->start)
            kin->ours = true;
    }
}

/* Until nothing new is found: a child may have a lower number than its parent. */
static void mark(kin_vec *kins, const struct brood *brood)
{
    bool more = true;

    if (kins->count == 0)
        return;
    qsort(kins->items, kins->count, sizeof *kins->items, compare);
    mark_known(kins, brood);
    vec_each (kin, kins)
        kin->ours = kin->ours || kin->pid == brood->leader || kin->session == brood->leader;
    while (more) {
        more = false;
        vec_each (kin, kins) {
            const struct kin *parent = kin->ours ? NULL : find(kins, kin->parent);

            if (parent != NULL && parent->ours)
                kin->ours = more = true;
        }
    }
}

/* Those of the leader's group have got it already. */
static void signal_marked(const kin_vec *kins, struct brood *brood, int number)
{
    vec_clear(&brood->members);
    vec_each (kin, kins) {
        if (!kin->ours || !kin->alive || kin->pid == brood->leader)
            continue;
        vec_push(&brood->members, (struct brood_member){ kin->pid, kin->start });
        if (number != 0 && kin->group != brood->leader)
            kill(kin->pid, number);
    }
}

static bool has_any(DIR *all, const struct brood *brood)
{
    struct kin leader;

    return brood->members.count > 0 || (read_kin(brood->leader, &leader) && leader.alive) ||
           has_session(all, brood->leader);
}

void brood_init(struct brood *brood, pid_t leader)
{
    *brood = (struct brood){ .leader = leader };
}

void brood_finish(struct brood *brood)
{
    vec_finish(&brood->members);
}

/* The number that was given to a process last; 0: nobody tells. */
static pid_t last_number(void)
{
    int file = open("/proc/sys/kernel/ns_last_pid", O_RDONLY | O_CLOEXEC);
    char text[32];
    ssize_t size = file < 0 ? 0 : read(file, text, sizeof text - 1);

    if (file >= 0)
        close(file);
    text[size > 0 ? size : 0] = '\0';
    return (pid_t)strtol(text, NULL, 10);
}

/* Numbers are given in a row, so whatever it started has one between its own and the last. To read all of /proc would
 * take ten times as long as the script's own start. */
bool brood_is_empty(const struct brood *brood)
{
    pid_t last = last_number();

    if (brood->members.count > 0 || last < brood->leader || last - brood->leader > MOST_LOOKED_AT)
        return false;
    for (pid_t pid = brood->leader + 1; pid <= last; pid++) {
        if (is_of_session(pid, brood->leader))
            return false;
    }
    return true;
}

/* The group as one, in which nothing can be missed that is being forked; then all others. */
size_t brood_signal(struct brood *brood, int number)
{
    DIR *all = opendir("/proc");
    kin_vec kins = VEC_EMPTY;

    if (all != NULL && has_any(all, brood)) {
        read_all(all, &kins);
        mark(&kins, brood);
    }
    if (number != 0)
        kill(-brood->leader, number);
    signal_marked(&kins, brood, number);
    vec_finish(&kins);
    if (all != NULL)
        closedir(all);
    return brood->members.count;
}
