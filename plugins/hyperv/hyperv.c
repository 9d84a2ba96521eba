/* Hyper-V hosts and their virtual machines, over WinRM: README.md. */
#include "hyperv_rights.h"
#include "muster_plugin.h"
#include "nodes.h"
#include "wsman_options.h"

static const struct muster_option options[] = {
    WSMAN_OPTIONS,
    { .name = "cluster",
      .type = MUSTER_BOOL,
      .fallback = "false",
      .help = "host is the name of a failover cluster, or of a node: scan all of its nodes" },
    { 0 },
};

static const char *const kinds[] = { "hyperv_host", "machine", "cluster", "csv", "vm", NULL };

static int prepare(struct muster_error *error)
{
    struct err err;

    return http_prepare(&err) && negotiate_prepare(&err) ? 0 : muster_prepare_fail(error, "%s", err.text);
}

static bool read_settings(struct wsman_settings *settings, struct muster *m, struct err *err)
{
    wsman_options_read(settings, m);
    return wsman_check(settings, err) && (!muster_bool(m, "cluster") || nodes_check(settings, err));
}

static int check(struct muster *m)
{
    struct wsman_settings settings;
    struct err err;

    return read_settings(&settings, m, &err) ? 0 : wsman_options_fail(m, &err);
}

static int scan(struct muster *m)
{
    bool partial = false, good;
    struct wsman_settings settings;
    struct err err;

    wsman_options_read(&settings, m);
    good = muster_bool(m, "cluster") ? nodes_scan_cluster(m, &settings, &partial, &err)
                                     : nodes_scan_host(m, &settings, &partial, &err);
    if (!good)
        return wsman_options_fail(m, &err);
    muster_end(m, partial ? MUSTER_PARTIAL : MUSTER_COMPLETE);
    return 0;
}

static int doctor(struct muster *m)
{
    struct wsman_settings settings;
    struct err err;

    wsman_options_read(&settings, m);
    return wsman_doctor(m, &settings, rights_needed, rights_count, &err) ? 0 : wsman_options_fail(m, &err);
}

MUSTER_PLUGIN(.name = "hyperv", .version = "1.0", .summary = "Hyper-V hosts and their virtual machines, over WinRM",
              .options = options, .kinds = kinds, .prepare = prepare, .check = check, .scan = scan, .doctor = doctor);
