/* Landlock (Linux 5.13; Documentation/userspace-api/landlock.rst): what the process may open from now on. */
#include "confine.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/syscall.h>
#include <unistd.h>

#define READ (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR | LANDLOCK_ACCESS_FS_EXECUTE)
#define READ_A_FILE (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_EXECUTE)
#define ACCESS_BITS_OF_ABI_1 ((UINT64_C(1) << 13) - 1)

/* What name resolution, TLS, Kerberos and ODBC read on Debian. Not all of /etc: the configuration and the credentials
 * of the daemon may lie there. */
/* clang-format off */
static const char *const system_paths[] = {
    "/usr", "/lib", "/lib64", "/bin", "/sbin",
    "/etc/ca-certificates", "/etc/ssl/certs", "/etc/ssl/openssl.cnf", "/etc/pki/ca-trust", "/etc/pki/tls/certs",
    "/etc/freetds", "/etc/gai.conf", "/etc/group", "/etc/gss", "/etc/host.conf", "/etc/hostname", "/etc/hosts",
    "/etc/krb5.conf", "/etc/krb5.conf.d", "/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d",
    "/etc/localtime", "/etc/nsswitch.conf", "/etc/odbcinst.ini", "/etc/os-release", "/etc/passwd", "/etc/protocols",
    "/etc/resolv.conf", "/etc/services", "/etc/timezone",
    "/run/systemd/resolve", "/proc/self", "/proc/cpuinfo", "/proc/meminfo", "/sys/devices/system/cpu",
    "/dev/null", "/dev/random", "/dev/urandom", "/dev/zero",
};
/* clang-format on */

static int landlock_abi(void)
{
    return (int)syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
}

bool landlock_there(void)
{
    return landlock_abi() >= 1;
}

/* The file-system rights that this kernel can withhold: the first ABI's, and one or two more each with ABI 2
 * (linking across folders), 3 (truncating) and 5 (device controls). */
static uint64_t all_rights(int abi)
{
    uint64_t rights = ACCESS_BITS_OF_ABI_1;

    if (abi >= 2)
        rights |= UINT64_C(1) << 13;
    if (abi >= 3)
        rights |= UINT64_C(1) << 14;
    if (abi >= 5)
        rights |= UINT64_C(1) << 15;
    return rights;
}

static bool add_rule(int ruleset, int path, uint64_t access)
{
    const struct landlock_path_beneath_attr rule = { .allowed_access = access, .parent_fd = path };

    return syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0;
}

/* A path that is not there needs no rule. What is no folder takes no rights of folders (EINVAL): asking costs less than
 * looking what it is. */
static bool allow(int ruleset, const char *path, struct err *err)
{
    int file = open(path, O_PATH | O_CLOEXEC);
    bool good;

    if (file < 0)
        return true;
    good = add_rule(ruleset, file, READ) || (errno == EINVAL && add_rule(ruleset, file, READ_A_FILE)) ||
           err_system(err, "Landlock, rule for %s", path);
    close(file);
    return good;
}

static bool allow_all(int ruleset, const char *const *paths, size_t count, struct err *err)
{
    for (size_t i = 0; i < count; i++) {
        if (!allow(ruleset, paths[i], err))
            return false;
    }
    return true;
}

/* A younger ruleset than the headers of Debian 12 know. An older kernel takes it as long as what it lacks is zero. */
struct ruleset {
    uint64_t files, ports, scopes;
};

/* From ABI 6 on: no abstract socket and no signal, however sent, reaches beyond the run. */
static uint64_t all_scopes(int abi)
{
    return abi >= 6 ? 3 : 0;
}

bool landlock_apply(const char *const *paths, size_t path_count, struct err *err)
{
    int abi = landlock_abi();
    const struct ruleset attr = { .files = all_rights(abi), .scopes = all_scopes(abi) };
    int ruleset = (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof attr, 0);
    bool good;

    if (ruleset < 0)
        return err_system(err, "Landlock");
    good = allow_all(ruleset, system_paths, sizeof system_paths / sizeof system_paths[0], err) &&
           allow_all(ruleset, paths, path_count, err);
    if (good && syscall(SYS_landlock_restrict_self, ruleset, 0) != 0)
        good = err_system(err, "Landlock, putting it in force");
    close(ruleset);
    return good;
}
