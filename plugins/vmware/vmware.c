/* ESXi hosts and virtual machines, from vCenter Server or from a host that stands alone: README.md. */
#include "doctor.h"
#include "full.h"
#include "muster_plugin.h"
#include "pass.h"
#include "update.h"
#include "vcenter.h"

#define HOUR INT64_C(3600000)

static const struct muster_option options[] = {
    { .name = "url",
      .type = MUSTER_TEXT,
      .required = 1,
      .help = "https://name[:port] of the vCenter Server or ESXi host" },
    { .name = "username",
      .type = MUSTER_TEXT,
      .required = 1,
      .help = "account with the role Read-only on the topmost object" },
    { .name = "password", .type = MUSTER_SECRET, .required = 1, .help = "its password" },
    { .name = "ca_file",
      .type = MUSTER_PATH,
      .help = "file of CA certificates (PEM) to trust instead of the system's" },
    { .name = "fingerprint",
      .type = MUSTER_TEXT,
      .help = "SHA-256 of the server's certificate; then it alone decides, whoever signed it" },
    { .name = "proxy", .type = MUSTER_TEXT, .help = "http://host:port of a proxy; unset: none" },
    { .name = "include",
      .type = MUSTER_LIST,
      .help = "virtual machines to scan: /path*, name* or attribute:name=value*; unset: all" },
    { .name = "exclude", .type = MUSTER_LIST, .help = "virtual machines to leave out, written alike" },
    { .name = "page_size",
      .type = MUSTER_INT,
      .fallback = "200",
      .max = 100000,
      .help = "objects of one reply; 0: as the server likes" },
    { .name = "incremental",
      .type = MUSTER_BOOL,
      .fallback = "true",
      .help = "keep the session, and read only what changed since the last scan" },
    { .name = "full_every",
      .type = MUSTER_DURATION,
      .fallback = "1d",
      .min = 60000,
      .max = HOUR * 24 * 30,
      .help = "everything is read at least so often" },
    { 0 },
};

static const char *const kinds[] = { "vcenter", "cluster", "esxi_host", "vm", "datastore", "vapp", NULL };

/* The failure classes of err.h are numbered as those of the ABI; the last is of this machine's making. */
static int fail(struct muster *m, const struct err *err)
{
    return muster_fail(m, err->class <= ERR_CONFIG ? (int)err->class : MUSTER_UNREACHABLE, "%s", err->text);
}

static int prepare(struct muster_error *error)
{
    struct err err;

    return http_prepare(&err) ? 0 : muster_prepare_fail(error, "%s", err.text);
}

static int check(struct muster *m)
{
    struct vcenter vcenter;
    struct err err;

    vcenter_read(&vcenter, m);
    return vcenter_check(&vcenter, &err) ? 0 : fail(m, &err);
}

/* The pass of the last scan; NULL: none that can be used. */
static struct pass *find_pass(struct muster *m)
{
    size_t size;
    const void *token = muster_token(m, &size);
    struct pass *pass = token == NULL ? NULL : muster_alloc(m, sizeof *pass);

    return pass != NULL && pass_read(pass, token, size) ? pass : NULL;
}

/* By what changed where that can be, else in full: the former session ends before another one begins. */
static bool look(struct vcenter *vcenter, int *completeness, struct err *err)
{
    struct pass *pass = find_pass(vcenter->m);
    enum update update = pass == NULL ? UPDATE_FULL : update_scan(vcenter, pass, err);

    *completeness = MUSTER_DELTA;
    if (update == UPDATE_FULL) {
        vcenter_end_session(vcenter);
        return full_scan(vcenter, completeness, err);
    }
    return update == UPDATE_DONE;
}

static int scan(struct muster *m)
{
    int completeness = MUSTER_PARTIAL;
    struct vcenter vcenter;
    struct err err;
    bool good;

    vcenter_read(&vcenter, m);
    if (!vcenter_open(&vcenter, &err))
        return fail(m, &err);
    good = look(&vcenter, &completeness, &err);
    vcenter_close(&vcenter);
    if (!good)
        return fail(m, &err);
    muster_end(m, completeness);
    return 0;
}

static int release(struct muster *m)
{
    struct pass *pass = find_pass(m);
    struct vcenter vcenter;
    struct err err;

    if (pass == NULL)
        return 0;
    vcenter_read(&vcenter, m);
    if (!vcenter_open(&vcenter, &err))
        return fail(m, &err);
    vcenter_resume(&vcenter, pass);
    vcenter_close(&vcenter);
    return 0;
}

static int doctor(struct muster *m)
{
    struct vcenter vcenter;
    struct err err;
    bool good;

    vcenter_read(&vcenter, m);
    if (!vcenter_open(&vcenter, &err))
        return fail(m, &err);
    good = doctor_examine(&vcenter, &err);
    vcenter_close(&vcenter);
    return good ? 0 : fail(m, &err);
}

MUSTER_PLUGIN(.name = "vmware", .version = "1.0",
              .summary = "ESXi hosts and virtual machines, from vCenter Server or from a host that stands alone",
              .options = options, .kinds = kinds, .prepare = prepare, .check = check, .scan = scan, .doctor = doctor,
              .release = release);
