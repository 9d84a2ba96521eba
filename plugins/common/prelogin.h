/* PRELOGIN of TDS (MS-TDS 2.2.6.5): what an instance of SQL Server tells before any login: its build, and whether it
 * wants encryption. Pure: bytes out, bytes in. No password is at risk, and no login fails by it. */
#ifndef PRELOGIN_H
#define PRELOGIN_H

#include "err.h"

#include <stdbool.h>
#include <stddef.h>

#define PRELOGIN_HEAD 8         /* bytes of a packet's head (2.2.3.1) */
#define PRELOGIN_MAX_REQUEST 64 /* bytes of what prelogin_write writes */
#define PRELOGIN_MAX_REPLY 4096 /* bytes of a reply, its head among them; more is no PRELOGIN */

/* The values of ENCRYPTION in a reply; what else comes is class protocol. */
enum prelogin_encryption {
    PRELOGIN_OFF = 0,       /* only the login packet is encrypted unless the client asks for more */
    PRELOGIN_ON = 1,        /* as asked */
    PRELOGIN_NOT_THERE = 2, /* the server can not encrypt */
    PRELOGIN_REQUIRED = 3,
};

struct prelogin {
    char build[24]; /* major.minor.build, such as 11.0.7001; the product's own, updates included */
    enum prelogin_encryption encryption;
    bool wrong_instance; /* INSTOPT: it has another name than the one that was sent */
};

/* What to ask with: encrypt true asks for all of it (TLS follows); false, for a look, for as little as there can be
 * (ENCRYPT_OFF: to one that has none, ENCRYPT_NOT_SUP, each server says the same, whether it has any or not). The
 * number of bytes. */
size_t prelogin_write(unsigned char out[PRELOGIN_MAX_REQUEST], bool encrypt);

/* How many bytes the reply has in all, by its head; 0: the head is none of a reply (class protocol). */
size_t prelogin_size(const unsigned char head[PRELOGIN_HEAD], struct err *err);

/* Reads a whole reply, its head among it. Options in any order, by their offsets, each within bounds; without VERSION
 * or ENCRYPTION it is none. False: class protocol. */
bool prelogin_read(struct prelogin *prelogin, const unsigned char *bytes, size_t size, struct err *err);

/* "off", "on", "not_supported" or "required": the words of sql.encryption. */
const char *prelogin_encryption_word(enum prelogin_encryption encryption);

#endif
