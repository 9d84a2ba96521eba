#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "realm.h"

#include "winpeer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct peer *kdc;
static char path[512];

void realm_start(void)
{
    kdc = kdc_begin();
    setenv("KRB5RCACHENAME", "none:", 1);
    setenv("KRB5_KTNAME", peer_fact(kdc, "keytab"), 1);
}

void realm_stop(void)
{
    peer_stop(kdc);
}

const char *realm_path(const char *name)
{
    const char *config = peer_fact(kdc, "config");

    snprintf(path, sizeof path, "%.*s/%s", (int)(strrchr(config, '/') - config), config, name);
    return path;
}

const char *realm_keytab(void)
{
    return peer_fact(kdc, "keytab");
}

void realm_admin(const char *command)
{
    peer_tell(kdc, "admin %s", command);
}

void realm_add(const char *principal, const char *password)
{
    peer_tell(kdc, "admin addprinc -pw %s +requires_preauth %s", password, principal);
}

int realm_failures(const char *principal)
{
    const char *answer = peer_tell(kdc, "admin getprinc %s", principal);
    const char *found = strstr(answer, "Failed password attempts: ");

    assert_non_null(found);
    return (int)strtol(found + strlen("Failed password attempts: "), NULL, 10);
}

const char *realm_keytab_of(const char *principal)
{
    peer_tell(kdc, "admin ktadd -norandkey -k %s %s", realm_path("other.keytab"), principal);
    return realm_path("other.keytab");
}

const char *realm_cache_of(const char *principal, const char *password)
{
    peer_tell(kdc, "ticket FILE:%s %s %s", realm_path("cache"), principal, password);
    return realm_path("cache");
}

void realm_silence(void)
{
    peer_tell(kdc, "silence");
}

void realm_wake(void)
{
    peer_tell(kdc, "wake");
}
