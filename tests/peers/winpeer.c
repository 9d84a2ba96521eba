#include "winpeer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

int winpeer_absent(void)
{
    if (access("/usr/lib/python3/dist-packages/gssapi", F_OK) == 0 &&
        access("/etc/gss/mech.d/mech.ntlmssp.conf", F_OK) == 0)
        return 0;
    return peer_absent("no Windows peer: python3-gssapi or gss-ntlmssp is not installed");
}

int kdc_absent(void)
{
    return peer_absent(access("/usr/sbin/krb5kdc", X_OK) == 0 ? NULL : "no KDC: krb5-kdc is not installed");
}

int apache_absent(void)
{
    return peer_absent(access("/usr/lib/apache2/modules/mod_auth_gssapi.so", R_OK) == 0
                           ? NULL
                           : "no Apache for Negotiate: libapache2-mod-auth-gssapi is not installed");
}

struct peer *winpeer_begin(const char *option, ...)
{
    struct peer *peer;
    va_list args;

    va_start(args, option);
    peer = peer_vbegin("winpeer", WINPEER, option, args);
    va_end(args);
    return peer;
}

struct peer *apache_begin(const char *option, ...)
{
    struct peer *peer;
    va_list args;

    va_start(args, option);
    peer = peer_vbegin("apache.py", APACHE, option, args);
    va_end(args);
    return peer;
}

struct peer *kdc_begin(void)
{
    struct peer *kdc = peer_begin("kdc.py", KDC, NULL);

    assert_int_equal(setenv("KRB5_CONFIG", peer_fact(kdc, "config"), 1), 0);
    return kdc;
}

int winpeer_port(const struct peer *peer, const char *host, bool tls)
{
    char path[128];

    snprintf(path, sizeof path, "hosts.%s.%s", host, tls ? "https" : "http");
    return (int)peer_fact_number(peer, path);
}

int64_t winpeer_count(struct peer *peer, const char *path)
{
    peer_tell(peer, "count");
    return peer_number(peer, path);
}
