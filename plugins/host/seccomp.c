/* seccomp (Linux 3.5; Documentation/userspace-api/seccomp_filter.rst): which system calls answer EPERM.
 *
 * A list of what is denied, not of what is allowed: the libraries of tomorrow's plugins will use calls that nobody
 * here has thought of, and a scan that dies of a harmless call helps nobody. What is denied is what reaches other
 * processes, or outlives the run. */
#include "confine.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
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

#define MAX_FILTER 512

/* Calls that are denied whatever their arguments. */
static const int denied[] = {
#ifdef SYS_fork
    SYS_fork, SYS_vfork, SYS_chmod, SYS_chown, SYS_lchown, SYS_utime, SYS_utimes, SYS_futimesat,
#endif
    /* other programs and processes */
    SYS_execve, SYS_execveat, SYS_ptrace, SYS_process_vm_readv, SYS_process_vm_writev, SYS_pidfd_open,
    SYS_pidfd_getfd, SYS_pidfd_send_signal, SYS_tkill, SYS_rt_sigqueueinfo, SYS_rt_tgsigqueueinfo, SYS_kcmp,
    SYS_process_madvise, SYS_setsid, SYS_setpgid, SYS_setpriority, SYS_ioprio_set, SYS_sched_setaffinity,
    SYS_sched_setattr, SYS_sched_setparam, SYS_sched_setscheduler, SYS_setrlimit, SYS_migrate_pages, SYS_move_pages,
    /* what outlives the run */
    SYS_fchmod, SYS_fchmodat, SYS_fchown, SYS_fchownat, SYS_utimensat, SYS_truncate, SYS_setxattr, SYS_lsetxattr,
    SYS_fsetxattr, SYS_removexattr, SYS_lremovexattr, SYS_fremovexattr, SYS_shmget, SYS_semget, SYS_msgget,
    SYS_mq_open, SYS_mknodat,
    /* the machine */
    SYS_mount, SYS_umount2, SYS_pivot_root, SYS_chroot, SYS_setns, SYS_unshare, SYS_swapon, SYS_swapoff, SYS_reboot,
    SYS_sethostname, SYS_setdomainname, SYS_settimeofday, SYS_clock_settime, SYS_clock_adjtime, SYS_adjtimex,
    SYS_init_module, SYS_finit_module, SYS_delete_module, SYS_kexec_load, SYS_bpf, SYS_perf_event_open,
    SYS_userfaultfd, SYS_io_uring_setup, SYS_acct, SYS_quotactl, SYS_syslog, SYS_vhangup,
};

/* Calls whose first argument is a process: allowed for the process itself only. */
static const int own_process_only[] = { SYS_kill, SYS_tgkill };

struct filter {
    struct sock_filter code[MAX_FILTER];
    unsigned short length;
};

#define ARGUMENT(n) ((uint32_t)(offsetof(struct seccomp_data, args) + (n) * sizeof(uint64_t)))
#define RETURN_ERRNO(number) (SECCOMP_RET_ERRNO | (number))

static void add(struct filter *filter, uint16_t code, uint8_t if_true, uint8_t if_false, uint32_t value)
{
    filter->code[filter->length++] = (struct sock_filter) { code, if_true, if_false, value };
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

static void deny(struct filter *filter, int number)
{
    add(filter, BPF_JMP | BPF_JEQ | BPF_K, 0, 1, (uint32_t)number);
    answer(filter, RETURN_ERRNO(EPERM));
}

/* For one call: denied unless the test of its argument, at which the accumulator is, jumps over the denial. The
 * accumulator is the call's number again for what follows. */
static void deny_by_argument(struct filter *filter, int number, unsigned argument, uint16_t test, uint32_t value,
                             uint8_t deny_if_true)
{
    add(filter, BPF_JMP | BPF_JEQ | BPF_K, 0, 4, (uint32_t)number);
    load(filter, ARGUMENT(argument));
    add(filter, (uint16_t)(BPF_JMP | BPF_K | test), deny_if_true ? 0 : 1, deny_if_true ? 1 : 0, value);
    answer(filter, RETURN_ERRNO(EPERM));
    load(filter, offsetof(struct seccomp_data, nr));
}

static void build(struct filter *filter)
{
    check_architecture(filter);
    for (size_t i = 0; i < sizeof denied / sizeof denied[0]; i++)
        deny(filter, denied[i]);
    for (size_t i = 0; i < sizeof own_process_only / sizeof own_process_only[0]; i++)
        deny_by_argument(filter, own_process_only[i], 0, BPF_JEQ, (uint32_t)getpid(), 0);
    /* A thread is a clone that shares the thread group. What clone3 asks lies in memory, out of a filter's sight: the
     * C library falls back to clone when it is not there. */
    deny_by_argument(filter, SYS_clone, 0, BPF_JSET, CLONE_THREAD, 0);
    add(filter, BPF_JMP | BPF_JEQ | BPF_K, 0, 1, SYS_clone3);
    answer(filter, RETURN_ERRNO(ENOSYS));
    deny_by_argument(filter, SYS_prctl, 0, BPF_JEQ, PR_SET_PDEATHSIG, 1);
    deny_by_argument(filter, SYS_prlimit64, 2, BPF_JEQ, 0, 0);
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
    return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == 0
        || err_system(err, "seccomp, putting the filter in force");
}
