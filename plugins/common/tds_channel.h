/* TLS with an instance of SQL Server over a socket that does not block: the handshake inside of TDS packets of type
 * 0x12 (MS-TDS 2.2.6.5, 3.2.5.1), with TLS 1.2 at most; or strict (TDS 8.0), TLS before anything else with ALPN
 * tds/8.0. Each call does what can be done now, and tells what to wait for.
 *
 *     while ((result = tds_channel_shake(channel, &err)) != TDS_CHANNEL_DONE)
 *         ... TDS_CHANNEL_READS or TDS_CHANNEL_WRITES: poll the descriptor for that; TDS_CHANNEL_FAILED: err
 *
 * At most TDS_CHANNEL_MAX bytes are taken; how long it may take is the caller's. */
#ifndef TDS_CHANNEL_H
#define TDS_CHANNEL_H

#include "err.h"
#include "tls.h"

#include <stdbool.h>
#include <stddef.h>

#define TDS_CHANNEL_MAX 262144

struct tds_channel_settings {
    struct tls *tls;  /* whom to trust; NULL: anybody, for a look */
    const char *name; /* that the certificate must have, a name or an address; NULL: any */
    bool tls_1_0;     /* TLS 1.0 and 1.1 are allowed, too; not where it is strict */
    bool strict;
};

struct tds_channel;

enum tds_channel_result {
    TDS_CHANNEL_FAILED, /* class protocol: what happened, what was shown, what to do */
    TDS_CHANNEL_READS,
    TDS_CHANNEL_WRITES,
    TDS_CHANNEL_DONE,
};

/* The descriptor stays the caller's; it and the settings must live as long. NULL: OpenSSL refuses the name (class
 * config). */
struct tds_channel *tds_channel_create(int descriptor, const struct tds_channel_settings *settings, struct err *err);
void tds_channel_destroy(struct tds_channel *channel);

enum tds_channel_result tds_channel_shake(struct tds_channel *channel, struct err *err);

/* The version that was agreed to, such as TLSv1.2. */
const char *tds_channel_version(const struct tds_channel *channel);

/* Where it is strict, once hands are shaken. Sending: all of it is on its way when it is done; until then it is called
 * again with the same. Receiving: *got bytes; 0 when the other end has closed. */
enum tds_channel_result tds_channel_send(struct tds_channel *channel, const void *bytes, size_t size, struct err *err);
enum tds_channel_result tds_channel_receive(struct tds_channel *channel, void *bytes, size_t room, size_t *got,
                                            struct err *err);

#endif
