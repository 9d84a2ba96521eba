/* seccomp (Linux 3.5; Documentation/userspace-api/seccomp_filter.rst): which system calls answer EPERM.
 *
 * A list of what is denied, not of what is allowed: the libraries of tomorrow's plugins will use calls that nobody
 * here has thought of, and a scan that dies of a harmless call helps nobody. What is denied is what reaches other
 * processes, or outlives the run. */
#include "confine.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <linux/sockios.h>
#include <sched.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#define FOREIGN_BIT 0x40000000U /* x32 calls, which would slip past the numbers below */
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#define FOREIGN_BIT 0x80000000U
#else
#define ARCHITECTURE 0
#define FOREIGN_BIT 0
#endif

#define MAX_FILTER 256

/* Calls that are younger than the headers of Debian 12; their numbers are the same everywhere. */
enum { FCHMODAT2 = 452, SETXATTRAT = 463, REMOVEXATTRAT = 466, FILE_SETATTR = 469 };

/* Calls that are denied whatever their arguments. */
/* clang-format off */
static const int denied[] = {
#ifdef SYS_fork
    SYS_fork, SYS_vfork, SYS_creat, SYS_mknod, SYS_chmod, SYS_chown, SYS_lchown, SYS_utime, SYS_utimes, SYS_futimesat,
#endif
    /* other programs and processes */
    SYS_execve, SYS_execveat, SYS_ptrace, SYS_process_vm_readv, SYS_process_vm_writev, SYS_pidfd_open,
    SYS_pidfd_getfd, SYS_pidfd_send_signal, SYS_tkill, SYS_rt_sigqueueinfo, SYS_rt_tgsigqueueinfo, SYS_kcmp,
    SYS_process_madvise, SYS_setsid, SYS_setpgid, SYS_setpriority, SYS_ioprio_set, SYS_sched_setaffinity,
    SYS_sched_setattr, SYS_sched_setparam, SYS_sched_setscheduler, SYS_setrlimit, SYS_migrate_pages, SYS_move_pages,
    /* what outlives the run */
    SYS_fchmod, SYS_fchmodat, FCHMODAT2, SYS_fchown, SYS_fchownat, SYS_utimensat, SYS_truncate, SYS_setxattr,
    SYS_lsetxattr, SYS_fsetxattr, SETXATTRAT, SYS_removexattr, SYS_lremovexattr, SYS_fremovexattr, REMOVEXATTRAT,
    FILE_SETATTR, SYS_shmget, SYS_shmat, SYS_shmctl, SYS_semget, SYS_semop, SYS_semtimedop, SYS_semctl, SYS_msgget,
    SYS_msgsnd, SYS_msgrcv, SYS_msgctl, SYS_mq_open, SYS_mq_unlink, SYS_mknodat, SYS_open_by_handle_at, SYS_add_key,
    SYS_request_key, SYS_keyctl,
    /* what all of the machine, or of the user, shares and has little of */
    SYS_io_setup, SYS_inotify_init1, SYS_fanotify_init,
#ifdef SYS_inotify_init
    SYS_inotify_init,
#endif
    /* the machine */
    SYS_mount, SYS_umount2, SYS_pivot_root, SYS_chroot, SYS_setns, SYS_unshare, SYS_swapon, SYS_swapoff, SYS_reboot,
    SYS_sethostname, SYS_setdomainname, SYS_settimeofday, SYS_clock_settime, SYS_clock_adjtime, SYS_adjtimex,
    SYS_init_module, SYS_finit_module, SYS_delete_module, SYS_kexec_load, SYS_bpf, SYS_perf_event_open,
    SYS_userfaultfd, SYS_io_uring_setup, SYS_acct, SYS_quotactl, SYS_syslog, SYS_vhangup,
};
/* clang-format on */

/* Calls whose first argument is a process: allowed for the process itself only. */
static const int own_process_only[] = { SYS_kill, SYS_tgkill };

/* Calls that the C library replaces by older ones when they are not there: what these ask lies in memory, out of a
 * filter's sight. */
static const int not_there[] = { SYS_clone3, SYS_openat2 };

struct filter {
    struct sock_filter code[MAX_FILTER];
    unsigned short length;
};

#define ARGUMENT(n) ((uint32_t)(offsetof(struct seccomp_data, args) + (n) * sizeof(uint64_t)))
#define HALF ((uint32_t)sizeof(uint32_t)) /* from the lower half of an argument to its upper */
#define RETURN_ERRNO(number) (SECCOMP_RET_ERRNO | (number))

static void add(struct filter *filter, uint16_t code, uint8_t if_true, uint8_t if_false, uint32_t value)
{
    filter->code[filter->length++] = (struct sock_filter){ code, if_true, if_false, value };
}

static void load(struct filter *filter, size_t offset)
{
    add(filter, BPF_LD | BPF_W | BPF_ABS, 0, 0, (uint32_t)offset);
}

static void answer(struct filter *filter, uint32_t action)
{
    add(filter, BPF_RET | BPF_K, 0, 0, action);
}

static void check_architecture(struct filter *filter)
{
    load(filter, offsetof(struct seccomp_data, arch));
    add(filter, BPF_JMP | BPF_JEQ | BPF_K, 1, 0, ARCHITECTURE);
    answer(filter, RETURN_ERRNO(ENOSYS));
    load(filter, offsetof(struct seccomp_data, nr));
    add(filter, BPF_JMP | BPF_JGE | BPF_K, 0, 1, FOREIGN_BIT);
    answer(filter, RETURN_ERRNO(ENOSYS));
}

/* One answer for all: each run's filter is checked and translated anew, at a cost that grows with its length. */
static void refuse(struct filter *filter, const int *numbers, uint8_t count, uint32_t error)
{
    for (uint8_t left = count; left > 0; left--)
        add(filter, BPF_JMP | BPF_JEQ | BPF_K, left, 0, (uint32_t)numbers[count - left]);
    add(filter, BPF_JMP | BPF_JA, 0, 0, 1);
    answer(filter, RETURN_ERRNO(error));
}

/* Calls that are denied for some values of one half of one argument: those that pass the test, or those that fail it.
 */
static const struct {
    int number;
    uint32_t offset;
    uint16_t test;
    uint32_t value;
    bool deny_if_true;
} conditions[] = {
    /* a thread is a clone that shares the thread group; any other is a process */
    { SYS_clone, ARGUMENT(0), BPF_JSET, CLONE_THREAD, false },
    /* outliving the host */
    { SYS_prctl, ARGUMENT(0), BPF_JEQ, PR_SET_PDEATHSIG, true },
    /* limits may be asked for, not set, of this or any process: the new ones are a pointer of two halves */
    { SYS_prlimit64, ARGUMENT(2), BPF_JEQ, 0, false },
    { SYS_prlimit64, ARGUMENT(2) + HALF, BPF_JEQ, 0, false },
    /* signals that a descriptor sends for the process */
    { SYS_fcntl, ARGUMENT(1), BPF_JEQ, F_SETOWN, true },
    { SYS_fcntl, ARGUMENT(1), BPF_JEQ, F_SETOWN_EX, true },
    { SYS_fcntl, ARGUMENT(1), BPF_JEQ, F_SETSIG, true },
    { SYS_ioctl, ARGUMENT(1), BPF_JEQ, FIOSETOWN, true },
    { SYS_ioctl, ARGUMENT(1), BPF_JEQ, SIOCSPGRP, true },
    /* a pair of its own may talk, but not as datagrams, which could be sent to any service of the machine */
    { SYS_socketpair, ARGUMENT(1), BPF_JSET, SOCK_DGRAM, true },
    /* whoever closes a socket last may have to wait for its peer, and that may be who reads the stream: a socket can be
     * sent over it (of other levels than SOL_SOCKET the same number is nothing that is missed) */
    { SYS_setsockopt, ARGUMENT(2), BPF_JEQ, SO_LINGER, true },
    /* a file that may only be read can be emptied, where Landlock is not there or older than its third ABI */
    { SYS_openat, ARGUMENT(2), BPF_JSET, O_TRUNC, true },
#ifdef SYS_open
    { SYS_open, ARGUMENT(1), BPF_JSET, O_TRUNC, true },
#endif
};

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

_Static_assert(COUNT(denied) <= UINT8_MAX, "a jump reaches the answer");
_Static_assert(32 + COUNT(denied) + COUNT(not_there) + 5 * (COUNT(own_process_only) + COUNT(conditions)) <= MAX_FILTER,
               "the filter has room for every rule");

/* The accumulator, which a condition loads its argument into, is the call's number again for what follows. */
static void deny_by_argument(struct filter *filter, int number, uint32_t offset, uint16_t test, uint32_t value,
                             bool deny_if_true)
{
    add(filter, BPF_JMP | BPF_JEQ | BPF_K, 0, 4, (uint32_t)number);
    load(filter, offset);
    add(filter, (uint16_t)(BPF_JMP | BPF_K | test), deny_if_true ? 0 : 1, deny_if_true ? 1 : 0, value);
    answer(filter, RETURN_ERRNO(EPERM));
    load(filter, offsetof(struct seccomp_data, nr));
}

/* To the network, and to the kernel for its addresses: not to services of this machine (D-Bus, containers, our own
 * daemon) that would act for the process, nor to its hypervisor. */
static const uint32_t families[] = { AF_INET, AF_INET6, AF_NETLINK };

static void allow_families(struct filter *filter)
{
    uint8_t left = COUNT(families);

    add(filter, BPF_JMP | BPF_JEQ | BPF_K, 0, (uint8_t)(left + 3), SYS_socket);
    load(filter, ARGUMENT(0));
    for (size_t i = 0; i < COUNT(families); i++, left--)
        add(filter, BPF_JMP | BPF_JEQ | BPF_K, left, 0, families[i]);
    answer(filter, RETURN_ERRNO(EPERM));
    load(filter, offsetof(struct seccomp_data, nr));
}

/* File systems' own controls change a file's flags for good through a descriptor that may only read: their requests are
 * told by the type byte (asm-generic/ioctl.h). */
static const uint32_t request_types[] = { 'f', 'X', 'v', 0x94 /* btrfs */ };

static void deny_file_controls(struct filter *filter)
{
    uint8_t left = COUNT(request_types);

    add(filter, BPF_JMP | BPF_JEQ | BPF_K, 0, (uint8_t)(left + 5), SYS_ioctl);
    load(filter, ARGUMENT(1));
    add(filter, BPF_ALU | BPF_AND | BPF_K, 0, 0, 0xFF00);
    for (size_t i = 0; i < COUNT(request_types); i++, left--)
        add(filter, BPF_JMP | BPF_JEQ | BPF_K, left, 0, request_types[i] << 8);
    add(filter, BPF_JMP | BPF_JA, 0, 0, 1);
    answer(filter, RETURN_ERRNO(EPERM));
    load(filter, offsetof(struct seccomp_data, nr));
}

static void build(struct filter *filter)
{
    check_architecture(filter);
    refuse(filter, denied, COUNT(denied), EPERM);
    refuse(filter, not_there, COUNT(not_there), ENOSYS);
    for (size_t i = 0; i < COUNT(own_process_only); i++)
        deny_by_argument(filter, own_process_only[i], ARGUMENT(0), BPF_JEQ, (uint32_t)getpid(), false);
    for (size_t i = 0; i < COUNT(conditions); i++)
        deny_by_argument(filter, conditions[i].number, conditions[i].offset, conditions[i].test, conditions[i].value,
                         conditions[i].deny_if_true);
    allow_families(filter);
    deny_file_controls(filter);
    answer(filter, SECCOMP_RET_ALLOW);
}

bool seccomp_there(void)
{
    uint32_t action = SECCOMP_RET_ERRNO;

    return ARCHITECTURE != 0 && syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0;
}

bool seccomp_apply(struct err *err)
{
    struct filter filter = { .length = 0 };
    struct sock_fprog program = { .filter = filter.code };

    build(&filter);
    program.len = filter.length;
    return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == 0 ||
           err_system(err, "seccomp, putting the filter in force");
}
