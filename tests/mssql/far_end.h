/* A computer with SQL Server, as far as its network shows: an address of 127/8 of its own with SQL Server Browser at
 * UDP 1434 and ports that do what they are told, each in a thread. For what only we agree on; that real clients
 * understand SQL Server like this is shown elsewhere. What fails ends the test. */
#ifndef FAR_END_H
#define FAR_END_H

#include "far_certificate.h"

#include <stdbool.h>
#include <stddef.h>

#define FAR_PACKET 8

enum far_manner {
    FAR_ANSWERS, /* reads PRELOGIN, sends the bytes, waits until the other end closes */
    FAR_SILENT,  /* accepts, and says nothing */
    FAR_CLOSES,  /* reads PRELOGIN, and closes */
    FAR_LEAVES,  /* reads PRELOGIN, sends the bytes, reads what comes then, and closes */
    FAR_RESETS,  /* the same without manners */
    FAR_DRIPS,   /* sends the bytes one by one, far apart, and again from the first */
    FAR_FLOODS,  /* sends the bytes, then again and again their last FAR_PACKET, as fast as it can */
    FAR_TLS,     /* as FAR_ANSWERS, then shakes hands inside of packets */
    FAR_STRICT,  /* shakes hands first, where ALPN asks for tds/8.0; then as FAR_ANSWERS; else it closes */
};

struct far_port {
    int port; /* 0: any that is free */
    enum far_manner manner;
    const void *bytes;
    size_t size;
    const struct far_certificate *certificate;
    int version;        /* of TLS, at the most and at the least: TLS1_VERSION ...; 0: 1.2, and 1.3 where it is strict */
    size_t packet;      /* bytes of a packet of the handshake, its head among them; 0: as large as can be */
    unsigned char type; /* of such a packet; 0: 0x12 */
    int alerts;         /* where it is strict, and TLS does not come: says so by so many alerts, 2 at most */
};

struct far_browser {
    const void *bytes; /* of its answer; NULL: it is silent */
    size_t size;
    int lost;            /* so many requests go unanswered first */
    bool other_address;  /* it answers from another address, and the same port */
    bool other_port;     /* it answers from another port */
    const void *rubbish; /* sent before the answer; NULL: nothing */
    size_t rubbish_size;
};

struct far_end;

/* No port listens yet, and no browser. NULL: UDP 1434 or TCP 1433 cannot be bound on this machine. */
struct far_end *far_end_open(void);
void far_end_close(struct far_end *far);

/* The same at ::1; NULL also where there is no IPv6. */
struct far_end *far_end_open_six(void);

const char *far_end_host(const struct far_end *far);

/* From now on. What they point to must live as long. The port's number. */
void far_end_browse(struct far_end *far, const struct far_browser *browser);
int far_end_listen(struct far_end *far, const struct far_port *port);

/* How many requests its browser got, and how many connections all its ports. */
int far_end_asked(struct far_end *far);
int far_end_accepted(struct far_end *far);

/* SVR_RESP around a text; its size. out has room for it and 3 bytes more. */
size_t far_end_reply(void *out, const char *text);

/* A reply to PRELOGIN with this version and encryption; its size, at most 64. */
size_t far_end_prelogin(void *out, int major, int minor, int build, int encryption);

#endif
