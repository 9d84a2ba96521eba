/* The options that plugins over WinRM have in common, as rows of their tables, and the settings that come of them.
 *
 *     static const struct muster_option options[] = { WSMAN_OPTIONS, { 0 } }; */
#ifndef WSMAN_OPTIONS_H
#define WSMAN_OPTIONS_H

#include "err.h"
#include "muster_plugin.h"
#include "wsman.h"

extern const char *const wsman_options_auth[];

/* clang-format off */
#define WSMAN_OPTIONS                                                                                                  \
    { .name = "host", .type = MUSTER_TEXT, .required = 1,                                                              \
      .help = "name of the computer, as its domain and its certificate have it; or its address" },                     \
    { .name = "port", .type = MUSTER_INT, .min = 1, .max = 65535,                                                      \
      .help = "port of WinRM; unset: 5986 with TLS, 5985 without (80 and 443 of old: give them here)" },               \
    { .name = "tls", .type = MUSTER_BOOL, .fallback = "true",                                                          \
      .help = "false: HTTP, with every message encrypted by Kerberos or NTLM" },                                       \
    { .name = "auth", .type = MUSTER_CHOICE, .fallback = "negotiate", .choices = wsman_options_auth,                   \
      .help = "how to log in; negotiate: Kerberos where a ticket can be had, else NTLM" },                             \
    { .name = "username", .type = MUSTER_TEXT, .help = "user@REALM, DOMAIN\\user, or a local user" },                  \
    { .name = "password", .type = MUSTER_SECRET, .help = "its password" },                                             \
    { .name = "keytab", .type = MUSTER_PATH, .help = "keytab of the account, in place of a password (Kerberos)" },     \
    { .name = "cache", .type = MUSTER_PATH, .help = "credential cache, a file (Kerberos)" },                           \
    { .name = "certificate", .type = MUSTER_PATH, .help = "certificate (PEM) that stands for the account" },           \
    { .name = "key", .type = MUSTER_PATH, .help = "its key (PEM); unset: in the same file" },                          \
    { .name = "ca_file", .type = MUSTER_PATH,                                                                          \
      .help = "file of CA certificates (PEM) to trust instead of the system's" },                                      \
    { .name = "fingerprint", .type = MUSTER_TEXT,                                                                      \
      .help = "SHA-256 of the server's certificate; then it alone decides, whoever signed it" },                       \
    { .name = "proxy", .type = MUSTER_TEXT, .help = "http://host:port of a proxy; unset: none" },                      \
    { .name = "service_host", .type = MUSTER_TEXT,                                                                     \
      .help = "name in the service principal HTTP/name, where it is not that of host" }
/* clang-format on */

/* Texts are the run's. */
void wsman_options_read(struct wsman_settings *settings, struct muster *m);

/* Fails the run with it; always -1. */
int wsman_options_fail(struct muster *m, const struct err *err);

#endif
