/* What one test of http.c asks of https_server.py, and what it got. One trip at a time.
 *
 *     set_out("good");
 *     assert_got("/status/200", "status 200"); */
#ifndef TRIP_H
#define TRIP_H

#include "http.h"
#include "str.h"

#include <stdbool.h>
#include <stddef.h>

extern struct trip {
    struct http_settings settings;
    char url[64], proxy[64];
    struct http *http;
    struct http_reply reply;
    struct str body;
    struct err err;
    int looks;      /* how often the deadline was looked at */
    int looks_left; /* after so many looks the time is over; 0: never */
    size_t over_at; /* when the body has so many bytes the time is over; 0: never */
    bool full;      /* the sink takes nothing */
    bool unwanted;  /* the sink wants nothing more */
} trip;

/* A new trip to that server, trusting its CA; settings may be changed until the first request. */
void set_out(const char *server);
void end_trip(void);
void use_proxy(const char *proxy); /* by the fact that has its port, such as "port.proxy" */

bool post(const char *path, const void *body, size_t size);
bool get(const char *path);

void assert_has(const char *text, const char *part);
void assert_got(const char *path, const char *body);
void assert_fails(const char *path, enum err_class class, const char *part);

/* No request has come to where redirects of this server lead, or to a server that was not trusted. */
void nobody_was_asked(void);

/* For cmocka_run_group_tests. */
int trips_begin(void **state);
int trips_end(void **state);

#endif
