#include "environment.h"

#include "mem.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* A name that ends in _ stands for all that begin with it. */
static const char *const passing[] = {
    "PATH",
    "TZ",             /* times in log lines */
    "LANG",           /* texts of the system's errors */
    "LC_",            /* the same, by category */
    "JOURNAL_STREAM", /* whether standard error is the journal */
    "MUSTER_",        /* our own */
    "KRB5_",          /* KRB5_CONFIG and its kin */
    "KRB5CCNAME",     /* the credential cache */
    "SSL_CERT_",      /* another trust store: SSL_CERT_FILE, SSL_CERT_DIR */
    "OPENSSL_",       /* OPENSSL_CONF: a machine's policy on ciphers */
    "ODBCINI",        /* where data sources and drivers are registered */
    "ODBCINSTINI",
    "ODBCSYSINI",
    "FREETDSCONF",
    "RES_OPTIONS", /* the resolver's timeouts */
};

static bool is_passing(const char *variable)
{
    for (size_t i = 0; i < sizeof passing / sizeof passing[0]; i++) {
        size_t length = strlen(passing[i]);

        if (strncmp(variable, passing[i], length) == 0 && (passing[i][length - 1] == '_' || variable[length] == '='))
            return true;
    }
    return false;
}

char **environment_pick(char *const *variables)
{
    size_t count = 0, kept = 0;
    char **picked;

    while (variables[count] != NULL)
        count++;
    picked = mem_new(count + 1, sizeof *picked);
    for (size_t i = 0; i < count; i++) {
        if (is_passing(variables[i]))
            picked[kept++] = variables[i];
    }
    return picked;
}
