/* SQL Server Resolution Protocol (MC-SQLR): which instances SQL Server Browser says that a computer has. Pure; the
 * datagrams go through sql_scout.h. Nobody proves who answers: names and ports are hostile, and a host that a reply
 * names is never used. */
#ifndef SSRP_H
#define SSRP_H

#include "err.h"

#include <stdbool.h>
#include <stddef.h>

#define SSRP_PORT 1434
#define SSRP_MAX_INSTANCES 50      /* that one computer can have; what comes beyond is counted, and left out */
#define SSRP_MAX_REPLY 65538       /* bytes of a datagram: 3 of its head and RESP_SIZE, 2.2.5 */
#define SSRP_DEFAULT "MSSQLSERVER" /* the instance without a name */
#define SSRP_MAX_NAME 255          /* bytes of an instance's name, as 2.2.5 allows; Windows makes none longer than 16 */

/* CLNT_UCAST_EX (2.2.2): asks one computer for all its instances. */
extern const unsigned char ssrp_request[1];

struct ssrp_instance {
    char name[SSRP_MAX_NAME + 1]; /* UTF-8 without control characters */
    char version[17];             /* of the installation, not of its updates; "" where it is none */
    bool clustered;
    int port; /* of TCP; 0: none was told (TCP is off, or the reply was cut) */
};

struct ssrp_reply {
    struct ssrp_instance instances[SSRP_MAX_INSTANCES];
    size_t count;
    size_t left_out; /* instances beyond the most, or that made no sense; one more where bytes follow the told size */
};

/* Reads SVR_RESP (2.2.5). An instance that makes no sense (no name, a port that is none, a name with control
 * characters) is left out and counted, the others stand; one that comes twice counts once. False: it is no such
 * message (class protocol): another type, fewer bytes than it says, no instance at all that makes sense. */
bool ssrp_read(struct ssrp_reply *reply, const unsigned char *bytes, size_t size, struct err *err);

#endif
