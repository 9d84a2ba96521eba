#include "mssql_place.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define MAX_NAME 64

/* FreeTDS: TDSDUMP, TDSDUMPCONFIG, TDSVER, TDSPORT, TDSHOST, FREETDS, FREETDSCONF, SYBASE. unixODBC: ODBCINI,
 * ODBCSYSINI, ODBCINSTINI, ODBCSEARCH. GnuTLS: GNUTLS_*, SSLKEYLOGFILE. */
static const char *const foreign[] = { "TDS", "FREETDS", "SYBASE", "ODBC", "GNUTLS_", "SSLKEYLOGFILE" };

static bool is_foreign(const char *variable)
{
    for (size_t i = 0; i < sizeof foreign / sizeof foreign[0]; i++) {
        if (strncmp(variable, foreign[i], strlen(foreign[i])) == 0)
            return true;
    }
    return false;
}

/* The environment moves up when something is taken out. */
static void clear(void)
{
    char name[MAX_NAME];
    size_t i = 0, length;

    while (environ != NULL && environ[i] != NULL) {
        length = strcspn(environ[i], "=");
        if (is_foreign(environ[i]) && length < sizeof name) {
            memcpy(name, environ[i], length);
            name[length] = '\0';
            unsetenv(name);
        } else {
            i++;
        }
    }
}

void mssql_place_set(const char *odbc, const char *freetds)
{
    clear();
    setenv("ODBCINI", odbc, 1);
    setenv("FREETDSCONF", freetds, 1);
}

void mssql_place_clear(void)
{
    mssql_place_set("/dev/null", "/dev/null");
}

static bool write_all(int descriptor, const char *bytes, size_t size)
{
    while (size > 0) {
        ssize_t written = write(descriptor, bytes, size);

        if (written < 0)
            return false;
        bytes += written;
        size -= (size_t)written;
    }
    return true;
}

bool mssql_file_write(struct mssql_file *file, const struct str *content, struct err *err)
{
    file->descriptor = memfd_create("muster", MFD_CLOEXEC);
    if (file->descriptor < 0)
        return err_system(err, "a file in memory");
    snprintf(file->path, sizeof file->path, "/proc/self/fd/%d", file->descriptor);
    return write_all(file->descriptor, str_text(content), content->length) || err_system(err, "a file in memory");
}

void mssql_file_finish(struct mssql_file *file)
{
    if (file->descriptor >= 0)
        close(file->descriptor);
    *file = MSSQL_FILE_NONE;
}
