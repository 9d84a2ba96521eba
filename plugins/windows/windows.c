/* A Windows computer from inside, by WinRM: README.md. */
#include "inside.h"
#include "muster_plugin.h"
#include "rights.h"
#include "wsman_options.h"

static const struct muster_option options[] = { WSMAN_OPTIONS, { 0 } };

static const char *const kinds[] = { "machine",         "volume",        "cluster", "exchange_server",
                                     "sharepoint_farm", "backup_server", NULL };

static int prepare(struct muster_error *error)
{
    struct err err;

    return http_prepare(&err) && negotiate_prepare(&err) ? 0 : muster_prepare_fail(error, "%s", err.text);
}

static int check(struct muster *m)
{
    struct wsman_settings settings;
    struct err err;

    wsman_options_read(&settings, m);
    return wsman_check(&settings, &err) ? 0 : wsman_options_fail(m, &err);
}

static int scan(struct muster *m)
{
    int completeness = MUSTER_PARTIAL;
    struct wsman_settings settings;
    struct wsman *wsman;
    struct err err;
    bool good;

    wsman_options_read(&settings, m);
    wsman = wsman_create(&settings, &err);
    if (wsman == NULL)
        return wsman_options_fail(m, &err);
    good = inside_scan(m, wsman, &completeness, &err);
    wsman_destroy(wsman);
    if (!good)
        return wsman_options_fail(m, &err);
    muster_end(m, completeness);
    return 0;
}

static int doctor(struct muster *m)
{
    struct wsman_settings settings;
    struct err err;

    wsman_options_read(&settings, m);
    return wsman_doctor(m, &settings, rights_needed, rights_count, &err) ? 0 : wsman_options_fail(m, &err);
}

MUSTER_PLUGIN(.name = "windows", .version = "1.0", .summary = "a Windows computer from inside, by WinRM",
              .options = options, .kinds = kinds, .prepare = prepare, .check = check, .scan = scan, .doctor = doctor);
