#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "realm.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define KDC "/usr/sbin/krb5kdc"
#define UTIL "/usr/sbin/kdb5_util"
#define ADMIN "/usr/sbin/kadmin.local"
#define KINIT "/usr/bin/kinit"

static char folder[] = "/tmp/muster-realm-XXXXXX";
static char path[512];
static int port;
static pid_t kdc;

const char *realm_path(const char *name)
{
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

int realm_absent(void)
{
    const char *ci = getenv("CI");

    fprintf(stderr, "there is no KDC: install krb5-kdc, krb5-admin-server and krb5-user\n");
    return ci != NULL && strcmp(ci, "true") == 0 ? 1 : REALM_SKIPPED;
}

static void write_file(const char *name, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void write_file(const char *name, const char *format, ...)
{
    FILE *file = fopen(realm_path(name), "we");
    va_list args;

    assert_non_null(file);
    va_start(args, format);
    vfprintf(file, format, args);
    va_end(args);
    assert_int_equal(fclose(file), 0);
}

/* One that is free now; the KDC takes it at once. */
static int free_port(void)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t size = sizeof address;
    int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    assert_int_equal(bind(server, (struct sockaddr *)&address, size), 0);
    assert_int_equal(getsockname(server, (struct sockaddr *)&address, &size), 0);
    close(server);
    return ntohs(address.sin_port);
}

static void write_settings(void)
{
    write_file("krb5.conf",
               "[libdefaults]\n default_realm = " REALM "\n dns_lookup_kdc = false\n dns_lookup_realm = false\n"
               " dns_canonicalize_hostname = false\n rdns = false\n udp_preference_limit = 1\n"
               "[realms]\n " REALM " = {\n  kdc = 127.0.0.1:%d\n }\n SILENT.TEST = {\n  kdc = 127.0.0.1:1\n }\n"
               "[domain_realm]\n localhost = " REALM "\n silent = SILENT.TEST\n",
               port);
    write_file("kdc.conf",
               "[kdcdefaults]\n kdc_listen = 127.0.0.1:%d\n kdc_tcp_listen = 127.0.0.1:%d\n"
               "[realms]\n " REALM " = {\n  database_name = %s/principal\n  key_stash_file = %s/stash\n"
               "  max_life = 1h\n }\n[logging]\n kdc = STDERR\n",
               port, port, folder, folder);
    setenv("KRB5_CONFIG", realm_path("krb5.conf"), 1);
    setenv("KRB5_KDC_PROFILE", realm_path("kdc.conf"), 1);
    setenv("KRB5RCACHENAME", "none:", 1);
    setenv("KRB5_KTNAME", realm_path("http.keytab"), 1);
}

static void enter_child(int in, int out)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    dup2(in, STDIN_FILENO);
    dup2(out, STDOUT_FILENO);
    dup2(out, STDERR_FILENO);
}

/* Runs a program to its end; its input is a text. */
static void run(const char *const *argv, const char *input)
{
    int in[2], nowhere = open("/dev/null", O_RDWR | O_CLOEXEC), status = 0;
    pid_t child;

    assert_int_equal(pipe2(in, O_CLOEXEC), 0);
    child = fork();
    if (child == 0) {
        enter_child(in[0], nowhere);
        execv(argv[0], (char *const *)argv);
        _exit(127);
    }
    close(in[0]);
    assert_int_equal(write(in[1], input, strlen(input)), (ssize_t)strlen(input));
    close(in[1]);
    close(nowhere);
    assert_int_equal(waitpid(child, &status, 0), child);
    if (status != 0)
        fail_msg("%s %s failed with %d", argv[0], argv[1], status);
}

/* It says so when it is ready. */
void realm_wake(void)
{
    const char *const argv[] = { KDC, "-n", "-r", REALM, NULL };
    int out[2];
    char line[1024];
    FILE *log;

    assert_int_equal(pipe2(out, O_CLOEXEC), 0);
    kdc = fork();
    if (kdc == 0) {
        enter_child(open("/dev/null", O_RDONLY | O_CLOEXEC), out[1]);
        execv(argv[0], (char *const *)argv);
        _exit(127);
    }
    close(out[1]);
    log = fdopen(out[0], "r");
    while (fgets(line, sizeof line, log) != NULL && strstr(line, "commencing operation") == NULL)
        continue;
    if (strstr(line, "commencing operation") == NULL)
        fail_msg("krb5kdc did not start: %s", line);
    /* Nobody reads what it says from now on; it does not mind, and there is little of it. */
}

void realm_silence(void)
{
    kill(kdc, SIGTERM);
    assert_int_equal(waitpid(kdc, NULL, 0), kdc);
    kdc = 0;
}

void realm_admin(const char *command)
{
    const char *const argv[] = { ADMIN, "-r", REALM, "-q", command, NULL };

    run(argv, "");
}

void realm_add(const char *principal, const char *password)
{
    char command[512];

    snprintf(command, sizeof command, "addprinc -pw %s +requires_preauth %s", password, principal);
    realm_admin(command);
}

bool realm_start(void)
{
    const char *const argv[] = { UTIL, "-r", REALM, "create", "-s", "-P", "master", NULL };

    if (access(KDC, X_OK) != 0 || access(ADMIN, X_OK) != 0 || access(KINIT, X_OK) != 0)
        return false;
    assert_non_null(mkdtemp(folder));
    port = free_port();
    write_settings();
    run(argv, "");
    realm_admin("addprinc -randkey " REALM_SERVICE);
    realm_keytab();
    realm_wake();
    return true;
}

const char *realm_keytab(void)
{
    char command[512];

    if (access(realm_path("http.keytab"), R_OK) != 0) {
        snprintf(command, sizeof command, "ktadd -k %s/http.keytab " REALM_SERVICE, folder);
        realm_admin(command);
    }
    return realm_path("http.keytab");
}

const char *realm_keytab_of(const char *principal)
{
    char command[512];

    snprintf(command, sizeof command, "ktadd -norandkey -k %s/client.keytab %s", folder, principal);
    realm_admin(command);
    return realm_path("client.keytab");
}

const char *realm_cache_of(const char *principal, const char *password)
{
    char cache[sizeof folder + 16], input[128];
    const char *const argv[] = { KINIT, "-c", cache, principal, NULL };

    snprintf(cache, sizeof cache, "%s/cache", folder);
    snprintf(input, sizeof input, "%s\n", password);
    run(argv, input);
    return realm_path("cache");
}

void realm_stop(void)
{
    const char *const argv[] = { "/bin/rm", "-r", folder, NULL };

    if (kdc != 0)
        realm_silence();
    run(argv, "");
}
