/* Scans of Windows computers over WinRM, which tests/peers/winpeer plays, by sealed HTTP, with the daemon around them:
 * by NTLM, which costs most; a large host by Kerberos, too, where there is a KDC. */
#include "bench.h"
#include "footprint.h"
#include "peer_child.h"
#include "program.h"
#include "str.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define HOSTS 300
#define MACHINES_EACH 17
#define COMPUTERS 1000
#define AT_ONCE 64
#define LARGE 100 /* virtual machines of one host */
#define SCANS 20  /* in a round; a process's time is told in hundredths of a second */
#define ROUNDS 5
#define VERSIONS 3
#define LOOK_MS 500 /* between looks at the memory: each costs some milliseconds */
#define MAX_NAME 32

static const char *const versions[VERSIONS] = { "2012", "2012-r2", "2016" }; /* of the large hosts */

struct site {
    struct peer *peer, *kdc; /* kdc: NULL by NTLM */
    char folder[40], config[80], database[80], log[80];
};

/* ------------------------------------------------------------------------------------------------ a fleet of it ----
 */

static void say(struct site *site, const char *command)
{
    struct err err;

    if (peer_command(site->peer, command, &err) == NULL)
        bench_fail("winrm: %s", err.text);
}

/* Its realm is found by the environment, the daemon's and the peer's. */
static void start_kdc(struct site *site)
{
    static const char *const words[] = { "/usr/bin/python3", "-B", KDC, NULL };
    struct err err;

    site->kdc = peer_start("kdc.py", words, &err);
    if (site->kdc == NULL)
        bench_fail("winrm: %s", err.text);
    setenv("KRB5_CONFIG", peer_fact(site->kdc, "config"), 1);
}

static void open_site(struct site *site, const char *fleet, const char *delay_ms)
{
    const char *const words[] = { "/usr/bin/python3",
                                  "-B",
                                  WINPEER,
                                  "--fleet",
                                  fleet,
                                  "--delay-ms",
                                  delay_ms,
                                  site->kdc == NULL ? NULL : "--keytab",
                                  site->kdc == NULL ? NULL : peer_fact(site->kdc, "keytab"),
                                  NULL };
    struct err err;

    snprintf(site->folder, sizeof site->folder, "/tmp/muster-bench-XXXXXX");
    if (mkdtemp(site->folder) == NULL)
        bench_fail("winrm: no folder");
    snprintf(site->config, sizeof site->config, "%s/musterd.conf", site->folder);
    snprintf(site->database, sizeof site->database, "%s/muster.db", site->folder);
    snprintf(site->log, sizeof site->log, "%s/log", site->folder);
    site->peer = peer_start("winpeer", words, &err);
    if (site->peer == NULL)
        bench_fail("winrm: %s", err.text);
}

static void close_site(struct site *site)
{
    peer_stop(site->peer);
    peer_stop(site->kdc);
    unsetenv("KRB5_CONFIG");
    bench_remove(site->folder);
}

/* By Kerberos with a keytab: to make a key of a password takes longer than the scan. */
static void add_target(struct str *text, const struct site *site, const char *plugin, const char *host)
{
    char path[64];

    snprintf(path, sizeof path, "hosts.%s.http", host);
    str_format(text, "%s  { name = \"%s\"; plugin = \"%s\"; every = \"1d\"; %s\n", text->length == 0 ? "" : ",\n", host,
               plugin, site->kdc == NULL ? "credential = \"scan\";" : "");
    str_format(text, "    options = { host = \"localhost\"; port = %d; tls = false; auth = \"%s\";",
               (int)peer_fact_number(site->peer, path), site->kdc == NULL ? "ntlm" : "kerberos");
    if (site->kdc != NULL)
        str_format(text, " username = \"%s\"; keytab = \"%s\";", peer_fact(site->kdc, "principal"),
                   peer_fact(site->kdc, "client_keytab"));
    str_add(text, " }; }");
}

static void write_config(struct site *site, const char *targets)
{
    FILE *file = fopen(site->config, "w");

    if (file == NULL)
        bench_fail("%s cannot be written", site->config);
    fprintf(
        file,
        "database = \"%s\"; control = \"%s/control\"; plugins = \"%s\"; plugin_host = \"%s\";\n"
        "matrix = \"%s/matrix\"; products = \"%s/products.conf\";\n"
        "slots = { total = %d; plugins = ( { plugin = \"hyperv\"; slots = %d; }, { plugin = \"windows\"; slots = "
        "%d; } ); };\n"
        "credentials = ( { name = \"scan\"; username = \"%s\\\\%s\"; password = \"%s\"; } );\n"
        "backup_servers = ( { name = \"mabs01.corp.example\"; product = \"mabs-v2\"; installation = \"physical\"; } "
        ");\n"
        "targets = (\n%s );\n",
        site->database, site->folder, PLUGINS, HOST_PROGRAM, PUBLISHED, PUBLISHED, AT_ONCE, AT_ONCE, AT_ONCE,
        peer_fact(site->peer, "domain"), peer_fact(site->peer, "username"), peer_fact(site->peer, "password"), targets);
    fclose(file);
}

/* Of hosts that are called so, with a number behind it. */
static void write_fleet(struct site *site, const char *plugin, const char *name, int count)
{
    struct str targets = STR_EMPTY;
    char host[MAX_NAME];

    for (int i = 1; i <= count; i++) {
        snprintf(host, sizeof host, "%s%04d", name, i);
        add_target(&targets, site, plugin, host);
    }
    write_config(site, str_text(&targets));
    str_finish(&targets);
}

/* ---------------------------------------------------------------------------------------------------- one pass ---- */

/* Of the daemon, from its start to its end; what it held meanwhile. */
static double pass(struct site *site, struct footprint *most)
{
    const char *const words[] = { "musterd", "-c", site->config, "--once", NULL };
    double begun = bench_now();
    pid_t daemon = program_start(DAEMON_PROGRAM, words, site->log, NULL);
    struct footprint seen;
    int status;

    while (waitpid(daemon, &status, WNOHANG) == 0) {
        footprint_take(&seen, daemon);
        footprint_raise(most, &seen);
        poll(NULL, 0, LOOK_MS);
    }
    if (status != 0)
        bench_fail("winrm: the daemon failed; see musterd -c %s --once", site->config);
    return bench_now() - begun;
}

static void check_count(const struct site *site, const char *question, int64_t wanted)
{
    int64_t found = bench_ask(site->database, question);

    if (found != wanted)
        bench_fail("winrm: %s gives %lld and not %lld; see %s", question, (long long)found, (long long)wanted,
                   site->log);
}

/* What the peer answered, for each of the hosts. */
static double requests_each(struct site *site, int hosts)
{
    say(site, "count");
    return (double)peer_number(site->peer, "soap") / hosts;
}

static void tell_memory(const struct footprint *most)
{
    struct row scan = { .what = "300 Hyper-V hosts: private memory of a scan at the most",
                        .unit = "MB",
                        .kind = BAR_AT_MOST,
                        .bar = 1,
                        .measured = most->scan };
    struct row whole = {
        .what = "300 Hyper-V hosts: PSS of all", .unit = "MB", .kind = BAR_AT_MOST, .bar = 96, .measured = most->whole
    };

    snprintf(whole.compared, sizeof whole.compared, "the daemon, the plugin's host and up to %zu scans",
             most->processes);
    bench_row(&scan);
    bench_row(&whole);
}

static void measure_hyperv(void)
{
    struct row row = {
        .what = "300 Hyper-V hosts of 17 VMs, 200 ms a call: wall", .unit = "s", .kind = BAR_AT_MOST, .bar = 60
    };
    struct footprint most = { 0 };
    struct site site = { 0 };

    open_site(&site,
              "{\"hosts\": [{\"name\": \"hv\", \"version\": \"2016\", \"count\": 300, \"hyperv\": {\"vms\": 17}}]}",
              "200");
    write_fleet(&site, "hyperv", "hv", HOSTS);
    row.measured = pass(&site, &most);
    check_count(&site, "SELECT count(*) FROM target WHERE result = 'complete'", HOSTS);
    check_count(&site, "SELECT count(*) FROM item WHERE kind = 'vm'", (int64_t)HOSTS * MACHINES_EACH);
    snprintf(row.compared, sizeof row.compared,
             "%d at once, %.1f requests each beside the login; judged, too; the peer worked %.1f s", AT_ONCE,
             requests_each(&site, HOSTS), program_ms(peer_pid(site.peer)) / 1e3);
    bench_row(&row);
    tell_memory(&most);
    close_site(&site);
}

static void measure_windows(void)
{
    struct row row = {
        .what = "1,000 Windows computers, 50 ms a call: wall", .unit = "s", .kind = BAR_AT_MOST, .bar = 40
    };
    struct footprint most = { 0 };
    struct site site = { 0 };

    open_site(&site, "{\"hosts\": [{\"name\": \"pc\", \"version\": \"2016\", \"count\": 1000}]}", "50");
    write_fleet(&site, "windows", "pc", COMPUTERS);
    row.measured = pass(&site, &most);
    check_count(&site, "SELECT count(*) FROM target WHERE result = 'complete'", COMPUTERS);
    check_count(&site, "SELECT count(*) FROM item WHERE kind = 'machine'", COMPUTERS);
    snprintf(
        row.compared, sizeof row.compared,
        "%d at once, %.1f requests each beside the login; %.2f MB of a scan, %.1f MB of all; the peer worked %.1f s",
        AT_ONCE, requests_each(&site, COMPUTERS), most.scan, most.whole, program_ms(peer_pid(site.peer)) / 1e3);
    bench_row(&row);
    close_site(&site);
}

/* -------------------------------------------------------------------------------------------- one large host ---- */

/* One machine has a disk that others could share: what a stand-alone host can be asked, it is asked. */
static void open_large(struct site *site)
{
    struct str fleet = STR_EMPTY;

    for (size_t i = 0; i < VERSIONS; i++) {
        str_format(&fleet, "%s{\"name\": \"%s\", \"version\": \"%s\", \"hyperv\": {\"vms\": [",
                   i == 0 ? "{\"hosts\": [" : ", ", versions[i], versions[i]);
        str_add(&fleet, "{\"disks\": [\"\\\\\\\\fs1\\\\vms\\\\a.vhdx\"]}");
        for (int j = 1; j < LARGE; j++)
            str_add(&fleet, ", {}");
        str_add(&fleet, "]}}");
    }
    str_add(&fleet, "]}");
    open_site(site, str_text(&fleet), "0");
    str_finish(&fleet);
}

static void scan(struct site *site, const char *target)
{
    const char *const words[] = { "muster", "-c", site->config, "scan", target, NULL };
    struct program program;

    program_run(&program, COMMAND_PROGRAM, words);
    if (program.status != 0)
        bench_fail("winrm: a scan failed; see %s", site->log);
}

struct price {
    double requests, ms;
};

/* Of several rounds, as what else the machine does lengthens some. */
static struct price scan_often(struct site *site, pid_t host, const char *target)
{
    struct price price;
    double ms[ROUNDS];

    scan(site, target);
    say(site, "reset");
    for (int round = 0; round < ROUNDS; round++) {
        double before = program_children_ms(host);

        for (int i = 0; i < SCANS; i++)
            scan(site, target);
        ms[round] = (program_children_ms(host) - before) / SCANS;
    }
    price.ms = bench_median(ms, ROUNDS);
    price.requests = requests_each(site, ROUNDS * SCANS);
    return price;
}

static void tell_requests(const struct price *each, double most)
{
    struct row row = { .what = "Hyper-V host of 100 VMs: requests beside the login",
                       .unit = "",
                       .kind = BAR_AT_MOST,
                       .bar = 12,
                       .measured = most };

    snprintf(row.compared, sizeof row.compared, "2012 %.0f, 2012 R2 %.0f, 2016 %.0f", each[0].requests,
             each[1].requests, each[2].requests);
    bench_row(&row);
}

static void tell_processor(const char *what, const struct price *each, double most)
{
    struct row row = { .what = what, .unit = "ms", .kind = BAR_AT_MOST, .bar = 15, .measured = most };

    snprintf(row.compared, sizeof row.compared,
             "sealed HTTP, with login and process: 2012 %.1f, 2012 R2 %.1f, 2016 %.1f", each[0].ms, each[1].ms,
             each[2].ms);
    bench_row(&row);
}

/* The daemon scans what it never did within a minute: that must be over before requests are counted. */
static void scan_each(struct site *site, pid_t daemon, struct price each[VERSIONS], struct price *most)
{
    for (size_t i = 0; i < VERSIONS; i++)
        scan(site, versions[i]);
    for (size_t i = 0; i < VERSIONS; i++) {
        each[i] = scan_often(site, program_child(daemon), versions[i]);
        most->ms = each[i].ms > most->ms ? each[i].ms : most->ms;
        most->requests = each[i].requests > most->requests ? each[i].requests : most->requests;
    }
    check_count(site, "SELECT count(*) FROM item WHERE kind = 'vm'", (int64_t)VERSIONS * LARGE);
}

static void measure_large(struct site *site, const char *what)
{
    const char *const words[] = { "musterd", "-c", site->config, NULL };
    struct price each[VERSIONS], most = { 0 };
    struct str targets = STR_EMPTY;
    pid_t daemon;

    open_large(site);
    for (size_t i = 0; i < VERSIONS; i++)
        add_target(&targets, site, "hyperv", versions[i]);
    write_config(site, str_text(&targets));
    daemon = program_start_ready(DAEMON_PROGRAM, words, site->log, site->folder);
    scan_each(site, daemon, each, &most);
    if (site->kdc == NULL)
        tell_requests(each, most.requests);
    tell_processor(what, each, most.ms);
    program_stop(daemon);
    str_finish(&targets);
    close_site(site);
}

static void measure_large_hosts(void)
{
    struct site by_ntlm = { 0 }, by_kerberos = { 0 };

    measure_large(&by_ntlm, "Hyper-V host of 100 VMs: processor of a scan, NTLM");
    if (access("/usr/sbin/krb5kdc", X_OK) != 0)
        return;
    start_kdc(&by_kerberos);
    measure_large(&by_kerberos, "Hyper-V host of 100 VMs: processor, Kerberos");
}

void bench_winrm(void)
{
    measure_large_hosts();
    measure_hyperv();
    measure_windows();
}
