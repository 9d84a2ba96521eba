/* The pre-flight of a target that runs SQL Server, step by step, each with what to do on it: name, reverse, browser;
 * then for each instance that is there prelogin, tls, login, and what the plugin needs to be allowed. */
#ifndef MSSQL_DOCTOR_H
#define MSSQL_DOCTOR_H

#include "err.h"
#include "mssql.h"
#include "muster_plugin.h"
#include "sql_scout.h"

#include <stdbool.h>

/* What the plugin needs to be allowed: its own steps. */
struct mssql_doctor_rights {
    /* Once for each instance, to tell a step for each right. label names the instance ("SALES at port 50001"). mssql
     * NULL: nobody is logged in, each is to be told as MUSTER_STEP_SKIPPED. */
    void (*examine)(void *context, struct muster *m, const char *label, const struct sql_scout_instance *instance,
                    struct mssql *mssql);
    void *context;
};

/* Tells every step; what needs one that failed is skipped. One login to each instance at most, and none any more after
 * the first that was refused; none at all without an account. rights may be NULL. False: the credential was refused,
 * which is more than a step that failed. */
bool mssql_doctor(struct muster *m, const struct mssql_settings *settings, const struct sql_scout_settings *aim,
                  const struct mssql_doctor_rights *rights, struct err *err);

#endif
